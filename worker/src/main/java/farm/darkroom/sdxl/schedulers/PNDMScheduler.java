package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Pseudo Numerical Methods for Diffusion Models on Manifolds (Liu et al.): optionally three
 * Runge-Kutta steps of four model calls each, then linear multistep with up to four outputs.
 * Stateful: it counts its calls from where sampling starts.
 */
final class PNDMScheduler extends AlphaScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          Options.betas(0.0001, 0.02, "linear"),
          List.of(
              Options.flag("skip_prk_steps", false),
              Options.flag("set_alpha_to_one", false),
              Options.prediction(Options.EPSILON, Options.V_PREDICTION)),
          Options.spacing("leading"));

  private static final int RUNGE_KUTTA_CALLS = 12;
  private static final int RUNGE_KUTTA_STEPS = 4;

  /** The weights of a Runge-Kutta step's model calls, in order. */
  private static final double[] RUNGE_KUTTA_WEIGHTS = {1 / 6.0, 1 / 3.0, 1 / 3.0, 1 / 6.0};

  /** By the number of outputs there are, newest first; the second row is not reached by count. */
  private static final double[][] ADAMS_WEIGHTS = {
    {1},
    {3 / 2.0, -1 / 2.0},
    {23 / 12.0, -16 / 12.0, 5 / 12.0},
    {55 / 24.0, -59 / 24.0, 37 / 24.0, -9 / 24.0}
  };

  private final History outputs = new History(4);
  private final History start = new History(1);
  private final History sum = new History(1);
  private int calls;

  PNDMScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
  }

  @Override
  void forget() {
    outputs.clear();
    start.clear();
    sum.clear();
    calls = 0;
  }

  @Override
  Schedule spaced(int steps) {
    double[] spaced = wholeTimesteps(steps).timesteps();
    if (config().flag("skip_prk_steps")) {
      return Schedule.of(PndmSpacing.secondTwice(spaced), steps);
    }
    if (steps < RUNGE_KUTTA_STEPS) {
      throw config()
          .refuse(
              "num_inference_steps is %d, allowed without skip_prk_steps: from %d"
                  .formatted(steps, RUNGE_KUTTA_STEPS));
    }
    return Schedule.of(PndmSpacing.rungeKutta(spaced, stride(steps) / 2), steps);
  }

  private int stride(int steps) {
    return config().trainTimesteps() / steps;
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    int timestep = (int) timestep(index);
    boolean rungeKutta = !config().flag("skip_prk_steps") && calls < RUNGE_KUTTA_CALLS;
    NDArray next =
        rungeKutta
            ? rungeKutta(modelOutput, timestep, sample)
            : multistep(modelOutput, timestep, sample);
    calls++;
    return next;
  }

  /** Each call starts over from the sample of the step's first one. */
  private NDArray rungeKutta(NDArray modelOutput, int timestep, NDArray sample) {
    int part = calls % 4;
    int from = (int) schedule().timesteps()[calls - part];
    int to = timestep - (part % 2 == 0 ? stride(schedule().steps()) / 2 : 0);
    if (part == 0) {
      outputs.push(math().copy(modelOutput));
      start.push(math().copy(sample));
    }
    addToSum(RUNGE_KUTTA_WEIGHTS[part], modelOutput);
    if (part < 3) {
      return moved(from, to, start.get(0), modelOutput);
    }
    try (NDArray mean = sum.take()) {
      return moved(from, to, start.get(0), mean);
    }
  }

  private void addToSum(double weight, NDArray modelOutput) {
    if (sum.size() == 0) {
      sum.push(math().combine(new double[] {weight}, modelOutput));
      return;
    }
    try (NDArray before = sum.take()) {
      sum.push(math().sum(1, before, weight, modelOutput));
    }
  }

  private NDArray multistep(NDArray modelOutput, int timestep, NDArray sample) {
    int stride = stride(schedule().steps());
    if (calls == 1) {
      // The second call repeats the first step with the mean of both outputs.
      try (LinearCombination mix = new LinearCombination(math())) {
        mix.add(0.5, modelOutput).add(0.5, outputs.get(0));
        NDArray mean = mix.own(mix.sum());
        NDArray before = mix.own(start.take());
        return moved(timestep + stride, timestep, before, mean);
      }
    }
    outputs.push(math().copy(modelOutput));
    if (calls == 0) {
      start.push(math().copy(sample));
    }
    double[] weights = ADAMS_WEIGHTS[outputs.size() - 1];
    try (LinearCombination mix = new LinearCombination(math())) {
      for (int age = 0; age < weights.length; age++) {
        mix.add(weights[age], outputs.get(age));
      }
      return moved(timestep, timestep - stride, sample, mix.own(mix.sum()));
    }
  }

  /** Equation 9 of the paper, in float32 as {@link SquareRoots} says. */
  private NDArray moved(int from, int to, NDArray sample, NDArray output) {
    float alpha = (float) alpha(from);
    float next = (float) alphaOrFinal(to);
    float[] roots =
        math().squareRoots(new float[] {next / alpha, 1 - next, alpha * (1 - alpha) * next});
    float denominator = alpha * roots[1] + roots[2];
    try (NDArray noise = noise(alpha, sample, output)) {
      return math().pndmStep(sample, noise, roots[0], next - alpha, denominator);
    }
  }

  /** The noise as the output says it, a new tensor. */
  private NDArray noise(float alpha, NDArray sample, NDArray output) {
    if (config().prediction().equals(Options.EPSILON)) {
      return math().copy(output);
    }
    float[] roots = math().squareRoots(new float[] {alpha, 1 - alpha});
    return math().sum(roots[0], output, roots[1], sample);
  }
}
