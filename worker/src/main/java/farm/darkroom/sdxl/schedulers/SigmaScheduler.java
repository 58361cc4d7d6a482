package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Samplers in k-diffusion's terms, {@code sample = clean + sigma * noise}: the Euler, Heun, LMS and
 * KDPM2 families.
 */
abstract class SigmaScheduler extends BaseScheduler {
  private final TrainingNoise training;
  private final SigmaShape shape;

  SigmaScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    training = TrainingNoise.finite(config, math::squareRoots);
    shape = SigmaShape.of(config);
  }

  /** Noise levels, without the one where sampling ends, and the timesteps that they stand for. */
  @SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
  record Levels(double[] timesteps, double[] sigmas) {}

  final TrainingNoise training() {
    return training;
  }

  final SigmaShape shape() {
    return shape;
  }

  final Levels levels(int steps) {
    return levelsAt(Spacing.points(config(), steps), steps);
  }

  /** The levels at these timesteps, or those of the asked shape between the first and the last. */
  final Levels levelsAt(double[] timesteps) {
    return levelsAt(timesteps, timesteps.length);
  }

  /** Trailing spacing has one timestep more than {@code steps} for some counts; a shape has not. */
  private Levels levelsAt(double[] spaced, int steps) {
    double[] timesteps = Float32.round(spaced);
    double[] sigmas = sigmasAt(timesteps, steps);
    if (shape == SigmaShape.PLAIN) {
      return new Levels(timesteps, sigmas);
    }
    double largest = config().realIfAny("sigma_max").orElse(sigmas[0]);
    double smallest = config().realIfAny("sigma_min").orElse(sigmas[sigmas.length - 1]);
    double[] shaped = shape.spread(largest, smallest, steps);
    return new Levels(training.timestepsOf(shaped), shaped);
  }

  /** The sigmas of these timesteps, of which there are {@code steps}, or one more. */
  double[] sigmasAt(double[] timesteps, int steps) {
    return training.sigmasAt(timesteps);
  }

  /** Refuses timesteps of the user's own where a shape places the steps. */
  final void refuseTimestepsWithShape() {
    if (shape != SigmaShape.PLAIN) {
      throw config().refuse("a list of timesteps and " + shape.option() + " exclude each other");
    }
  }

  final Prediction prediction(double sigma) {
    return Prediction.varianceExploding(config(), sigma);
  }

  /**
   * {@code (sample - clean) / sigma}, in this order, and each product rounded: where sigma is in
   * the thousands (zero terminal SNR, squaredcos_cap_v2) their rounding shows in the picture.
   */
  final NDArray derivative(NDArray output, NDArray sample, double sigma) {
    Prediction prediction = prediction(sigma);
    try (NDArray clean =
        math().sum(prediction.cleanSample(), sample, prediction.cleanOutput(), output)) {
      return math().derivative(sample, clean, sigma);
    }
  }

  /** The sample on its way from one noise level to another. */
  final NDArray moved(NDArray sample, NDArray derivative, double from, double to) {
    return math().sum(1, sample, Float32.round(to - from), derivative);
  }

  @Override
  Prediction predictionAt(int index) {
    return prediction(sigma(index));
  }

  @Override
  public double initNoiseSigma() {
    double largest = schedule().largestSigma();
    return config().is("timestep_spacing", "leading") ? Math.hypot(largest, 1) : largest;
  }

  @Override
  public double inputScale(int index) {
    return 1 / Math.hypot(sigma(index), 1);
  }

  @Override
  public NDArray addNoise(NDArray original, NDArray noise, int index) {
    return math().sum(1, original, sigma(index), noise);
  }

  /** The options of samplers that take betas, a prediction and a spacing. */
  static List<Option> options(double start, double end, String... predictions) {
    return Options.all(
        Options.betas(start, end, "linear"),
        List.of(Options.prediction(predictions)),
        Options.spacing("linspace"));
  }
}
