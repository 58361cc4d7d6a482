package farm.darkroom.sdxl.schedulers;

import java.util.List;

/** The betas of training, one per timestep, in float32 as diffusers computes them. */
final class BetaSchedule {
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
      case "squaredcos_cap_v2" -> cosine(count);
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

  /** Improved DDPM (Nichol and Dhariwal), equation 17. */
  private static float[] cosine(int count) {
    float[] betas = new float[count];
    for (int i = 0; i < count; i++) {
      double ratio = alphaBar((i + 1.0) / count) / alphaBar((double) i / count);
      betas[i] = (float) Math.min(1 - ratio, MAX_BETA);
    }
    return betas;
  }

  private static double alphaBar(double t) {
    double cosine = Math.cos((t + 0.008) / 1.008 * Math.PI / 2);
    return cosine * cosine;
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
