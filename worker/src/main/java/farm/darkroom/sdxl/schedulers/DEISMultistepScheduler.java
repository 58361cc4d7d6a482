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

  private final CleanBounds bounds;
  private final History outputs;

  DEISMultistepScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    bounds = new CleanBounds(config, math);
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
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    outputs.push(noiseIn(modelOutput, index, sample));
    int order = order(schedule().timesteps().length - index);
    SolverPoint here = point(index);
    SolverPoint next = point(index + 1);
    try (Mix mix = new Mix(math())) {
      mix.add(next.alpha() / here.alpha(), sample);
      if (order == 1) {
        double growth = Math.expm1(next.lambda() - here.lambda());
        return mix.add(-next.sigma() * growth, outputs.get(0)).sum();
      }
      double[] weights = DeisWeights.of(rhos(index, order), order);
      for (int age = 0; age < order; age++) {
        mix.add(next.alpha() * weights[age], outputs.get(age));
      }
      return mix.sum();
    }
  }

  /** The noise that goes with the clean image, held in bounds. */
  private NDArray noiseIn(NDArray modelOutput, int index, NDArray sample) {
    SolverPoint point = point(index);
    // diffusers' flow_prediction reads sigma anew, unscaled, whether or not use_flow_sigmas is set
    boolean flow = config().prediction().equals(Options.FLOW_PREDICTION);
    double sigma = flow ? sigma(index) : point.sigma();
    try (Mix mix = new Mix(math())) {
      NDArray clean = mix.own(bounds.clean(predictionAt(index), sample, modelOutput));
      return mix.add(1 / sigma, sample).add(-point.alpha() / sigma, clean).sum();
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
      float sigma = (float) sigma(index + 1 - i);
      float alpha = flow() ? 1 - sigma : 1 / Float32.sqrt(sigma * sigma + 1);
      rhos[i] = (flow() ? sigma : sigma * alpha) / alpha;
    }
    return rhos;
  }
}
