package farm.darkroom.sdxl.schedulers;

/**
 * The updates of DPM-Solver (Lu et al., arXiv 2206.00927) and DPM-Solver++ (2211.01095) as
 * coefficients: {@code x_t = sample * x_s + d0 * D0 + d1 * D1 + d2 * D2 + noise * z}, D0 being a
 * model output (clean image for ++, noise otherwise) and D1, D2 its divided differences over
 * lambda.
 */
record DpmSolver(double sample, double d0, double d1, double d2, double noise) {

  /** algorithm_type, each with {@code h = lambda_t - lambda_s}. */
  enum Algorithm {
    DPMSOLVER,
    DPMSOLVER_PLUS,
    SDE_DPMSOLVER,
    SDE_DPMSOLVER_PLUS;

    static Algorithm of(SchedulerConfig config) {
      return switch (config.word("algorithm_type")) {
        case "dpmsolver" -> DPMSOLVER;
        case "dpmsolver++" -> DPMSOLVER_PLUS;
        case "sde-dpmsolver" -> SDE_DPMSOLVER;
        case "sde-dpmsolver++" -> SDE_DPMSOLVER_PLUS;
        default -> throw new AssertionError(config.word("algorithm_type"));
      };
    }

    /** Whether it works on the predicted clean image, else on the predicted noise. */
    boolean predictsClean() {
      return this == DPMSOLVER_PLUS || this == SDE_DPMSOLVER_PLUS;
    }

    boolean stochastic() {
      return this == SDE_DPMSOLVER || this == SDE_DPMSOLVER_PLUS;
    }

    /** The update from {@code s} to {@code t}; midpoint takes half of d0 for d1 and no d2. */
    DpmSolver update(SolverPoint t, SolverPoint s, boolean midpoint) {
      DpmSolver exact =
          switch (this) {
            case DPMSOLVER -> noiseUpdate(t, s, 1);
            case DPMSOLVER_PLUS -> cleanUpdate(t, s);
            case SDE_DPMSOLVER -> stochasticNoiseUpdate(t, s);
            case SDE_DPMSOLVER_PLUS -> stochasticCleanUpdate(t, s);
          };
      return midpoint ? new DpmSolver(exact.sample, exact.d0, exact.d0 / 2, 0, exact.noise) : exact;
    }
  }

  private static DpmSolver cleanUpdate(SolverPoint t, SolverPoint s) {
    double h = t.lambda() - s.lambda();
    double decay = Math.expm1(-h);
    return new DpmSolver(
        t.sigma() / s.sigma(),
        -t.alpha() * decay,
        t.alpha() * (decay / h + 1),
        -t.alpha() * ((decay + h) / (h * h) - 0.5),
        0);
  }

  private static DpmSolver noiseUpdate(SolverPoint t, SolverPoint s, double weight) {
    double h = t.lambda() - s.lambda();
    double growth = Math.expm1(h);
    double sigma = weight * t.sigma();
    return new DpmSolver(
        t.alpha() / s.alpha(),
        -sigma * growth,
        -sigma * (growth / h - 1),
        -sigma * ((growth - h) / (h * h) - 0.5),
        0);
  }

  private static DpmSolver stochasticCleanUpdate(SolverPoint t, SolverPoint s) {
    double h = t.lambda() - s.lambda();
    double decay = Math.expm1(-2 * h);
    return new DpmSolver(
        t.sigma() / s.sigma() * Math.exp(-h),
        -t.alpha() * decay,
        t.alpha() * (decay / (2 * h) + 1),
        t.alpha() * ((-decay - 2 * h) / (4 * h * h) - 0.5),
        t.sigma() * rootOrZero(-decay));
  }

  private static DpmSolver stochasticNoiseUpdate(SolverPoint t, SolverPoint s) {
    double h = t.lambda() - s.lambda();
    DpmSolver exact = noiseUpdate(t, s, 2);
    double noise = t.sigma() * rootOrZero(Math.expm1(2 * h));
    return new DpmSolver(exact.sample, exact.d0, exact.d1, exact.d2, noise);
  }

  /**
   * The last step may go nowhere (final_sigmas_type sigma_min): rounding then says a little up or
   * down, and no noise comes of it in diffusers' float32.
   */
  private static double rootOrZero(double square) {
    return Math.sqrt(Math.max(0, square));
  }
}
