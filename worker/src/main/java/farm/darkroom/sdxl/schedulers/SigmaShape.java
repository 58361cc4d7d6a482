package farm.darkroom.sdxl.schedulers;

import java.util.List;
import java.util.stream.Stream;

/** How sigmas are spaced between the largest and the smallest. */
enum SigmaShape {
  /** As the timesteps have them. */
  PLAIN(null),
  KARRAS("use_karras_sigmas"),
  EXPONENTIAL("use_exponential_sigmas"),
  BETA("use_beta_sigmas");

  private static final double RHO = 7;
  private static final double BETA_SHAPE = 0.6;

  private final String option;

  SigmaShape(String option) {
    this.option = option;
  }

  /** The flag that asks for it, null for PLAIN. */
  String option() {
    return option;
  }

  /**
   * The shape that a configuration asks for.
   *
   * @throws SchedulerException if it asks for more than one
   */
  static SigmaShape of(SchedulerConfig config) {
    List<SigmaShape> asked =
        Stream.of(values())
            .filter(shape -> shape.option != null && config.flagIfAny(shape.option))
            .toList();
    if (asked.size() > 1) {
      throw config.refuse(
          "%s and %s exclude each other".formatted(asked.get(0).option, asked.get(1).option));
    }
    return asked.isEmpty() ? PLAIN : asked.get(0);
  }

  /** {@code n} sigmas from {@code largest} down to {@code smallest}; not for PLAIN. */
  double[] spread(double largest, double smallest, int n) {
    return switch (this) {
      case PLAIN -> throw new IllegalStateException("plain sigmas follow the timesteps");
      case KARRAS -> karras(largest, smallest, n, RHO);
      case EXPONENTIAL -> exponential(largest, smallest, n);
      case BETA -> beta(largest, smallest, n);
    };
  }

  /** Elucidating the Design Space of Diffusion-Based Generative Models (Karras), equation 5. */
  static double[] karras(double largest, double smallest, int n, double rho) {
    double high = Math.pow(largest, 1 / rho);
    double low = Math.pow(smallest, 1 / rho);
    double[] ramp = Spacing.linspace(0, 1, n);
    for (int i = 0; i < n; i++) {
      ramp[i] = Math.pow(high + ramp[i] * (low - high), rho);
    }
    return ramp;
  }

  static double[] exponential(double largest, double smallest, int n) {
    double[] logs = Spacing.linspace(Math.log(largest), Math.log(smallest), n);
    for (int i = 0; i < n; i++) {
      logs[i] = Math.exp(logs[i]);
    }
    return logs;
  }

  /** Beta Sampling is All You Need (Lee et al.), with alpha = beta = 0.6. */
  private static double[] beta(double largest, double smallest, int n) {
    double[] ramp = Spacing.linspace(0, 1, n);
    for (int i = 0; i < n; i++) {
      double quantile = SymmetricBeta.quantile(1 - ramp[i], BETA_SHAPE);
      ramp[i] = smallest + quantile * (largest - smallest);
    }
    return ramp;
  }
}
