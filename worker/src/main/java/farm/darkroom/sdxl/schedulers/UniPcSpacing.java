package farm.darkroom.sdxl.schedulers;

/** UniPC's schedules, whose flow sigmas differ from those of the other solvers. */
final class UniPcSpacing {
  /** Sigma one would make lambda infinite. */
  private static final double BELOW_ONE = 1e-6;

  private UniPcSpacing() {}

  static Schedule spaced(UniPCMultistepScheduler scheduler, int steps) {
    SchedulerConfig config = scheduler.config();
    int train = config.trainTimesteps();
    if (scheduler.flow() && scheduler.shape() == SigmaShape.PLAIN) {
      return flow(scheduler, Spacing.head(Spacing.linspace(1, 1.0 / train, steps + 1), steps));
    }
    if (scheduler.flow() && scheduler.shape() == SigmaShape.KARRAS) {
      return flowOf(scheduler, scheduler.shaped(steps));
    }
    double[] spaced = Spacing.intervals(config, steps, train);
    SolverScheduler.Placement placement =
        scheduler.place(spaced, steps, scheduler.shape() == SigmaShape.KARRAS);
    return ending(scheduler, placement.timesteps(), placement.sigmas());
  }

  /** From sigmas of flow matching that are neither shifted nor ended yet. */
  static Schedule flow(UniPCMultistepScheduler scheduler, double[] unshifted) {
    SchedulerConfig config = scheduler.config();
    double shift = config.real("flow_shift");
    double[] sigmas = new double[unshifted.length];
    for (int i = 0; i < sigmas.length; i++) {
      sigmas[i] = shift * unshifted[i] / (1 + (shift - 1) * unshifted[i]);
    }
    double terminal = config.realIfAny("shift_terminal").orElse(0);
    if (terminal != 0) {
      double scale = (1 - sigmas[sigmas.length - 1]) / (1 - terminal);
      for (int i = 0; i < sigmas.length; i++) {
        sigmas[i] = 1 - (1 - sigmas[i]) / scale;
      }
    }
    if (Math.abs(sigmas[0] - 1) < BELOW_ONE) {
      sigmas[0] -= BELOW_ONE;
    }
    return ending(scheduler, scheduler.flowTimesteps(sigmas), sigmas);
  }

  /**
   * A shape between the ends of the user's sigmas. diffusers takes their last for the largest, so
   * that falling ones come out rising, and counts timesteps within the list where it has no others.
   */
  static Schedule shaped(UniPCMultistepScheduler scheduler, double[] given) {
    SchedulerConfig config = scheduler.config();
    int last = given.length - 1;
    double largest = config.realIfAny("sigma_max").orElse(given[last]);
    double smallest = config.realIfAny("sigma_min").orElse(given[0]);
    if (largest <= 0 || smallest <= 0) {
      throw config.refuse(
          "sigmas goes from %s to %s, allowed with %s: ends above 0"
              .formatted(given[0], given[last], scheduler.shape().option()));
    }
    double[] sigmas = scheduler.shape().spread(largest, smallest, given.length);
    if (scheduler.shape() == SigmaShape.KARRAS) {
      return flowOf(scheduler, sigmas);
    }
    if (last == 0) {
      throw config.refuse(
          "sigmas has 1 number, allowed with %s: from 2".formatted(scheduler.shape().option()));
    }
    return ending(scheduler, LogSigmas.of(given).timestepsOf(sigmas), sigmas);
  }

  /** The flow schedule of Karras' sigmas, which are sigma over alpha. */
  private static Schedule flowOf(UniPCMultistepScheduler scheduler, double[] ratios) {
    double[] sigmas = new double[ratios.length];
    for (int i = 0; i < sigmas.length; i++) {
      sigmas[i] = ratios[i] / (ratios[i] + 1);
    }
    return ending(scheduler, scheduler.flowTimesteps(sigmas), sigmas);
  }

  private static Schedule ending(
      UniPCMultistepScheduler scheduler, double[] timesteps, double[] sigmas) {
    boolean plain = scheduler.shape() == SigmaShape.PLAIN && !scheduler.flow();
    double smallest = plain ? scheduler.training().sigma(0) : sigmas[sigmas.length - 1];
    double last = scheduler.config().is("final_sigmas_type", "zero") ? 0 : smallest;
    return Schedule.of(Spacing.truncated(timesteps), Spacing.append(sigmas, last));
  }
}
