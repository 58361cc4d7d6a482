package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Samplers with the preconditioning of Elucidating the Design Space of Diffusion-Based Generative
 * Models (Karras et al.), table 1, as Playground v2.5 uses it.
 */
abstract class EdmScheduler extends BaseScheduler {

  EdmScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
  }

  static List<Option> options() {
    return List.of(
        Options.real("sigma_min", 0.002, 0),
        Options.real("sigma_max", 80.0, 0),
        Options.real("sigma_data", 0.5, 0),
        Options.word("sigma_schedule", "karras", "exponential"),
        Options.whole("num_train_timesteps", 1000, 1),
        Options.prediction(Options.EPSILON, Options.V_PREDICTION),
        Options.real("rho", 7.0),
        Options.finalSigmas());
  }

  final boolean karras() {
    return config().is("sigma_schedule", "karras");
  }

  final double sigmaMin() {
    return config().real("sigma_min");
  }

  final double sigmaMax() {
    return config().real("sigma_max");
  }

  final double rho() {
    return config().real("rho");
  }

  /** {@code n} sigmas evenly spaced in their logarithm, in float32. */
  final double[] exponential(int n) {
    float[] logs = Float32.linspace(Math.log(sigmaMin()), Math.log(sigmaMax()), n);
    double[] sigmas = new double[n];
    for (int i = 0; i < n; i++) {
      sigmas[i] = Float32.round(Math.exp(logs[n - 1 - i]));
    }
    return sigmas;
  }

  /** What the model takes for a time: a quarter of the logarithm of sigma. */
  static double[] times(double[] sigmas) {
    double[] times = new double[sigmas.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = Float32.round(0.25 * Math.log(Float32.round(sigmas[i])));
    }
    return times;
  }

  @Override
  public final double inputScale(int index) {
    return 1 / Math.hypot(sigma(index), config().real("sigma_data"));
  }

  @Override
  public final double initNoiseSigma() {
    return Math.hypot(sigmaMax(), 1);
  }

  @Override
  public final NDArray addNoise(NDArray original, NDArray noise, int index) {
    return math().combine(new double[] {1, sigma(index)}, original, noise);
  }

  @Override
  final Prediction predictionAt(int index) {
    return prediction(sigma(index));
  }

  /** The clean image, for {@code sample = clean + sigma * noise}; the noise follows from it. */
  final Prediction prediction(double sigma) {
    double scale = config().real("sigma_data");
    double variance = sigma * sigma + scale * scale;
    double skip = scale * scale / variance;
    double size = sigma * scale / Math.sqrt(variance);
    double out = config().prediction().equals(Options.EPSILON) ? size : -size;
    return new Prediction(skip, out, (1 - skip) / sigma, -out / sigma);
  }
}
