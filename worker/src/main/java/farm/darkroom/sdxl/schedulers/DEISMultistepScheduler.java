package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Fast Sampling of Diffusion Models with Exponential Integrator (Zhang and Chen), the log-rho
 * multistep form, orders 1 to 3.
 */
final class DEISMultistepScheduler extends SolverScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          Options.solver(Options.solverOrder()),
          List.of(
              Options.word("algorithm_type", "deis").or("deis", "dpmsolver", "dpmsolver++"),
              Options.word("solver_type", "logrho").or("logrho", "midpoint", "heun", "bh1", "bh2"),
              Options.flag("lower_order_final", true)),
          Options.sigmaShapes(),
          Options.flow(),
          Options.spacing("linspace"));

  private static final int FEW_STEPS = 15;
  private static final float[] NONE = {};

  private final SampleClipping bounds;
  private final History outputs;
  private float[] alphas = NONE;

  DEISMultistepScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    bounds = new SampleClipping(config, math);
    outputs = new History(config.whole("solver_order"));
  }

  @Override
  Schedule spaced(int steps) {
    double[] spaced = Spacing.intervals(config(), steps, config().trainTimesteps());
    Placement placement = place(spaced, steps, shape() == SigmaShape.KARRAS);
    boolean plain = shape() == SigmaShape.PLAIN && !flow();
    double last = plain ? training().sigma(0) : placement.sigmas()[steps - 1];
    return Schedule.of(placement.timesteps(), Spacing.append(placement.sigmas(), last));
  }

  @Override
  void forget() {
    outputs.clear();
    alphas = NONE;
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    outputs.push(noiseIn(modelOutput, index, sample));
    int order = order(schedule().timesteps().length - index);
    if (order == 1) {
      return first(index, sample);
    }
    double[] weights = DeisWeights.of(rhos(index, order), order);
    return math().deisStep(sample, outputs.newest(order), weights, alpha(index), alpha(index + 1));
  }

  /** In float32: where sigma is in the thousands, the two products nearly cancel. */
  private NDArray first(int index, NDArray sample) {
    float growth = (float) Math.exp(lambda(index + 1) - lambda(index)) - 1;
    float kept = alpha(index + 1) / alpha(index);
    return math().sum(kept, sample, -(deviation(index + 1) * growth), outputs.get(0));
  }

  private float lambda(int index) {
    return (float) Math.log(alpha(index)) - (float) Math.log(deviation(index));
  }

  /** The noise that goes with the clean image, held in bounds. */
  private NDArray noiseIn(NDArray modelOutput, int index, NDArray sample) {
    // diffusers' flow_prediction reads sigma again, unscaled, whether or not use_flow_sigmas is set
    boolean flow = config().prediction().equals(Options.FLOW_PREDICTION);
    float sigma = flow ? (float) sigma(index) : deviation(index);
    try (NDArray clean = bounded(modelOutput, index, sample);
        NDArray scaled = math().combine(new double[] {alpha(index)}, clean)) {
      return math().derivative(sample, scaled, sigma);
    }
  }

  private NDArray bounded(NDArray modelOutput, int index, NDArray sample) {
    if (!config().prediction().equals(Options.EPSILON)) {
      return bounds.clean(predictionAt(index), sample, modelOutput);
    }
    try (NDArray noise = math().combine(new double[] {deviation(index)}, modelOutput)) {
      return bounds.held(math().derivative(sample, noise, alpha(index)));
    }
  }

  private int order(int left) {
    boolean few = config().flag("lower_order_final") && schedule().timesteps().length < FEW_STEPS;
    int most = Math.min(config().whole("solver_order"), outputs.size());
    return few ? Math.min(left, most) : most;
  }

  /** Sigma over alpha where the step goes, where it starts, and at the {@code order - 1} before. */
  private float[] rhos(int index, int order) {
    float[] rhos = new float[order + 1];
    for (int i = 0; i <= order; i++) {
      rhos[i] = deviation(index + 1 - i) / alpha(index + 1 - i);
    }
    return rhos;
  }

  /** How much of the sample is picture, in float32 as {@link SquareRoots} says. */
  private float alpha(int index) {
    if (alphas.length == 0) {
      alphas = alphas(schedule().sigmas());
    }
    return alphas[index];
  }

  private float[] alphas(double[] sigmas) {
    float[] squares = new float[sigmas.length];
    for (int i = 0; i < squares.length; i++) {
      float sigma = (float) sigmas[i];
      squares[i] = sigma * sigma + 1;
    }
    float[] values = math().squareRoots(squares);
    for (int i = 0; i < values.length; i++) {
      values[i] = flow() ? 1 - (float) sigmas[i] : 1 / values[i];
    }
    return values;
  }

  /** How much of it is noise. */
  private float deviation(int index) {
    float sigma = (float) sigma(index);
    return flow() ? sigma : sigma * alpha(index);
  }
}
