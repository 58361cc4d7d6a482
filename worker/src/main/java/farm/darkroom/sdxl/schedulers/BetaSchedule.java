package farm.darkroom.sdxl.schedulers;

import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The betas of training, one per timestep, in float32 as diffusers computes them. */
final class BetaSchedule {
  /** Those that every sampler has. */
  static final List<String> NAMES = List.of("linear", "scaled_linear", "squaredcos_cap_v2");

  private static final double MAX_BETA = 0.999;

  private BetaSchedule() {}

  /** Refuses trained_betas of another length than the training had. */
  static void check(SchedulerConfig config) {
    double[] trained = config.reals("trained_betas");
    if (trained != null && trained.length != config.trainTimesteps()) {
      throw config.refuse(
          "trained_betas has the length %d, allowed: num_train_timesteps, which is %d"
              .formatted(trained.length, config.trainTimesteps()));
    }
  }

  /** Betas by trained_betas, or else by beta_schedule, rescaled to zero terminal SNR if asked. */
  static float[] of(SchedulerConfig config, SquareRoots roots) {
    float[] betas = unscaled(config);
    return config.flagIfAny("rescale_betas_zero_snr")
        ? rescaleZeroTerminalSnr(betas, roots)
        : betas;
  }

  private static float[] unscaled(SchedulerConfig config) {
    double[] trained = config.reals("trained_betas");
    if (trained != null) {
      return toFloats(trained);
    }
    double start = config.real("beta_start");
    double end = config.real("beta_end");
    int count = config.trainTimesteps();
    return switch (config.word("beta_schedule")) {
      case "linear" -> Float32.linspace(start, end, count);
      case "scaled_linear" -> squared(Float32.linspace(Math.sqrt(start), Math.sqrt(end), count));
      case "squaredcos_cap_v2" -> capped(BetaSchedule::cosine, count);
      case "exp" -> capped(t -> Math.exp(-12 * t), count);
      case "laplace" -> capped(BetaSchedule::laplace, count);
      case "sigmoid" -> sigmoid((float) start, (float) (end - start), count);
      default -> throw new AssertionError(config.word("beta_schedule"));
    };
  }

  private static float[] toFloats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static float[] squared(float[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= values[i];
    }
    return values;
  }

  /**
   * The betas of a cumulative product that is given as a formula (diffusers: {@code
   * betas_for_alpha_bar}).
   *
   * @param alphaBar over training's time, which goes from 0 to 1
   */
  private static float[] capped(DoubleUnaryOperator alphaBar, int count) {
    float[] betas = new float[count];
    for (int i = 0; i < count; i++) {
      double after = alphaBar.applyAsDouble((i + 1.0) / count);
      betas[i] = (float) Math.min(1 - after / alphaBar.applyAsDouble((double) i / count), MAX_BETA);
    }
    return betas;
  }

  /** Improved DDPM (Nichol and Dhariwal), equation 17. */
  private static double cosine(double t) {
    double cosine = Math.cos((t + 0.008) / 1.008 * Math.PI / 2);
    return cosine * cosine;
  }

  /** Improved Noise Schedule for Diffusion Training (Hang et al.). */
  private static double laplace(double t) {
    double lambda = -0.5 * Math.copySign(1, 0.5 - t) * Math.log(1 - 2 * Math.abs(0.5 - t) + 1e-6);
    double snr = Math.exp(lambda);
    return Math.sqrt(snr / (1 + snr));
  }

  /** GeoDiff (Xu et al.). */
  private static float[] sigmoid(float start, float range, int count) {
    float[] values = Float32.linspace(-6, 6, count);
    for (int i = 0; i < count; i++) {
      values[i] = (float) (1 / (1 + Math.exp(-values[i]))) * range + start;
    }
    return values;
  }

  /** Common Diffusion Noise Schedules and Sample Steps are Flawed (Lin et al.), algorithm 1. */
  private static float[] rescaleZeroTerminalSnr(float[] betas, SquareRoots roots) {
    float[] bars = roots.of(Float32.cumulativeProduct(alphas(betas)));
    float first = bars[0];
    float last = bars[bars.length - 1];
    float scale = first / (first - last);
    for (int i = 0; i < bars.length; i++) {
      float shifted = (bars[i] - last) * scale;
      bars[i] = shifted * shifted;
    }
    float[] rescaled = new float[betas.length];
    for (int i = 0; i < bars.length; i++) {
      rescaled[i] = 1 - (i == 0 ? bars[0] : bars[i] / bars[i - 1]);
    }
    return rescaled;
  }

  static float[] alphas(float[] betas) {
    float[] alphas = new float[betas.length];
    for (int i = 0; i < betas.length; i++) {
      alphas[i] = 1 - betas[i];
    }
    return alphas;
  }
}
