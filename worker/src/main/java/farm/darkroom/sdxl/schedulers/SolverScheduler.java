package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;

/** Base of the solvers that integrate over lambda, half the log signal-to-noise ratio. */
abstract class SolverScheduler extends BaseScheduler {
  private final TrainingNoise training;
  private final SigmaShape shape;

  SolverScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    training = TrainingNoise.finite(config, math::squareRoots);
    shape = SigmaShape.of(config);
  }

  final TrainingNoise training() {
    return training;
  }

  final SigmaShape shape() {
    return shape;
  }

  final boolean flow() {
    return config().flag("use_flow_sigmas");
  }

  /** Whole timesteps and the noise levels that steps start from. */
  @SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
  record Placement(double[] timesteps, double[] sigmas) {}

  /**
   * By shape, else flow, else at the spaced timesteps.
   *
   * @param round whether shaped timesteps are rounded, else cut to whole ones
   */
  final Placement place(double[] spaced, int steps, boolean round) {
    if (shape != SigmaShape.PLAIN) {
      return placeAt(shaped(steps), round);
    }
    double[] sigmas = flow() ? flowSigmas(steps) : training.sigmasAt(spaced);
    double[] timesteps = flow() ? flowTimesteps(sigmas) : spaced;
    return new Placement(Spacing.truncated(timesteps), sigmas);
  }

  /** At the timesteps of these sigmas. */
  final Placement placeAt(double[] sigmas, boolean round) {
    double[] timesteps = training.timestepsOf(sigmas);
    double[] whole = round ? Spacing.rounded(timesteps) : Spacing.truncated(timesteps);
    return new Placement(whole, sigmas);
  }

  /** {@code n} sigmas of the asked shape over the training range. */
  final double[] shaped(int n) {
    double largest = config().realIfAny("sigma_max").orElse(training.lastSigma());
    double smallest = config().realIfAny("sigma_min").orElse(training.sigma(0));
    return shape.spread(largest, smallest, n);
  }

  /** {@code n} sigmas of flow matching, shifted by flow_shift; times are sigma * 1000. */
  final double[] flowSigmas(int n) {
    double[] ends = Spacing.linspace(1, 1.0 / training.length(), n + 1);
    double shift = config().real("flow_shift");
    double[] sigmas = new double[n];
    for (int i = 0; i < n; i++) {
      double sigma = 1 - ends[n - i];
      sigmas[i] = shift * sigma / (1 + (shift - 1) * sigma);
    }
    return sigmas;
  }

  final double[] flowTimesteps(double[] sigmas) {
    double[] timesteps = new double[sigmas.length];
    for (int i = 0; i < timesteps.length; i++) {
      timesteps[i] = sigmas[i] * training.length();
    }
    return timesteps;
  }

  /** Refuses timesteps of the user's own beside settings that place the steps themselves. */
  final void refuseTimestepsWith(String... flags) {
    for (String flag : flags) {
      if (config().flagIfAny(flag)) {
        throw config().refuse("a list of timesteps and " + flag + " exclude each other");
      }
    }
  }

  final SolverPoint point(int index) {
    return at(sigma(index));
  }

  private SolverPoint at(double sigma) {
    return flow() ? SolverPoint.flow(sigma) : SolverPoint.variancePreserving(sigma);
  }

  @Override
  final Prediction predictionAt(int index) {
    if (config().prediction().equals(Options.FLOW_PREDICTION)) {
      return Prediction.flow(sigma(index));
    }
    SolverPoint point = point(index);
    return Prediction.variancePreserving(config(), point.alpha(), point.sigma());
  }

  @Override
  public NDArray addNoise(NDArray original, NDArray noise, int index) {
    SolverPoint point = point(index);
    return math().combine(new double[] {point.alpha(), point.sigma()}, original, noise);
  }
}
