package farm.darkroom.sdxl.schedulers;

import java.util.Arrays;

/**
 * Timesteps spread over the training range, from noisy to clean: table 2 of Common Diffusion Noise
 * Schedules and Sample Steps are Flawed (Lin et al.), with numpy's arithmetic.
 */
final class Spacing {
  private Spacing() {}

  /** {@code n} points of which linspace's are fractional: the sigma family. */
  static double[] points(SchedulerConfig config, int n) {
    int train = config.trainTimesteps();
    return switch (config.word("timestep_spacing")) {
      case "linspace" -> reversed(linspace(0, train - 1, n));
      case "leading" -> leading(train / n, n, config.whole("steps_offset"));
      case "trailing" -> trailing(train, (double) train / n);
      default -> throw new AssertionError(config.word("timestep_spacing"));
    };
  }

  /** {@code n} whole points: the DDPM family. */
  static double[] wholePoints(SchedulerConfig config, int n) {
    return rounded(points(config, n));
  }

  /**
   * {@code n} whole points that begin n of n + 1 intervals: the multistep solvers.
   *
   * @param last one past the last training timestep that may be used
   */
  static double[] intervals(SchedulerConfig config, int n, int last) {
    return switch (config.word("timestep_spacing")) {
      case "linspace" -> head(rounded(reversed(linspace(0, last - 1, n + 1))), n);
      case "leading" -> head(leading(last / (n + 1), n + 1, config.whole("steps_offset")), n);
      case "trailing" -> trailing(last, (double) config.trainTimesteps() / n);
      default -> throw new AssertionError(config.word("timestep_spacing"));
    };
  }

  private static double[] leading(int ratio, int n, int offset) {
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = (double) ratio * (n - 1 - i) + offset;
    }
    return values;
  }

  private static double[] trailing(int last, double ratio) {
    double[] values = rounded(arange(last, 0, -ratio));
    for (int i = 0; i < values.length; i++) {
      values[i] -= 1;
    }
    return values;
  }

  /** {@code numpy.linspace}. */
  static double[] linspace(double start, double stop, int n) {
    double[] values = new double[n];
    double step = (stop - start) / (n - 1);
    for (int i = 0; i < n - 1; i++) {
      values[i] = i * step + start;
    }
    // One point is the start, not the stop.
    values[n - 1] = n == 1 ? start : stop;
    return values;
  }

  /** {@code numpy.arange}, whose length is rounded up and whose step is that of its first two. */
  static double[] arange(double start, double stop, double step) {
    int n = (int) Math.ceil((stop - start) / step);
    double[] values = new double[n];
    double delta = (start + step) - start;
    for (int i = 0; i < n; i++) {
      values[i] = start + i * delta;
    }
    return values;
  }

  static double[] rounded(double[] values) {
    double[] whole = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      whole[i] = Math.rint(values[i]);
    }
    return whole;
  }

  /** As a cast to int64 does: towards zero. */
  static double[] truncated(double[] values) {
    double[] whole = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      whole[i] = (long) values[i];
    }
    return whole;
  }

  static double[] reversed(double[] values) {
    double[] back = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      back[i] = values[values.length - 1 - i];
    }
    return back;
  }

  static double[] head(double[] values, int n) {
    return Arrays.copyOf(values, n);
  }

  static double[] append(double[] values, double last) {
    double[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = last;
    return longer;
  }
}
