package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.Arrays;
import java.util.List;

/**
 * Euler's method on the probability-flow ODE, with the churn of Elucidating the Design Space of
 * Diffusion-Based Generative Models (Karras et al.), algorithm 2.
 */
final class EulerDiscreteScheduler extends BaseScheduler {
  static final List<Option> OPTIONS =
      Options.all(
          Options.betas(0.0001, 0.02, "linear"),
          List.of(
              Options.prediction(Options.EPSILON, Options.SAMPLE, Options.V_PREDICTION),
              Options.word("interpolation_type", "linear", "log_linear")),
          Options.sigmaShapes(),
          List.of(
              Options.real("sigma_min", null, 0),
              Options.real("sigma_max", null, 0),
              Options.word("timestep_type", "discrete", "continuous"),
              Options.flag("rescale_betas_zero_snr", false),
              Options.finalSigmas()),
          Options.spacing("linspace"),
          Options.churn());

  private final TrainingNoise training;
  private final SigmaShape shape;
  private final Churn churn;

  EulerDiscreteScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
    training = TrainingNoise.finite(config);
    shape = SigmaShape.of(config);
    churn = new Churn(config);
  }

  @Override
  Schedule spaced(int steps) {
    return between(Spacing.points(config(), steps));
  }

  @Override
  Schedule ofTimesteps(double[] timesteps) {
    if (shape != SigmaShape.PLAIN) {
      throw config().refuse("a list of timesteps and " + shape.option() + " exclude each other");
    }
    if (continuous()) {
      throw config()
          .refuse(
              "a list of timesteps and timestep_type continuous with v_prediction exclude each other");
    }
    return between(timesteps);
  }

  @Override
  Schedule ofSigmas(double[] sigmas) {
    double[] rounded = Float32.round(sigmas);
    double[] starts = Arrays.copyOf(rounded, rounded.length - 1);
    return schedule(training.timestepsOf(starts), rounded);
  }

  private Schedule between(double[] spaced) {
    double[] timesteps = Float32.round(spaced);
    double[] sigmas = interpolated(timesteps);
    if (shape != SigmaShape.PLAIN) {
      double largest = config().realIfAny("sigma_max").orElse(sigmas[0]);
      double smallest = config().realIfAny("sigma_min").orElse(sigmas[sigmas.length - 1]);
      sigmas = shape.spread(largest, smallest, timesteps.length);
      timesteps = training.timestepsOf(sigmas);
    }
    double last = config().is("final_sigmas_type", "zero") ? 0 : training.sigma(0);
    return schedule(timesteps, Spacing.append(sigmas, last));
  }

  /** log_linear has one sigma more than there are timesteps, and diffusers keeps it. */
  private double[] interpolated(double[] timesteps) {
    if (config().is("interpolation_type", "linear")) {
      return training.sigmasAt(timesteps);
    }
    float[] logs =
        Float32.linspace(
            training.logSigma(training.length() - 1), training.logSigma(0), timesteps.length + 1);
    double[] sigmas = new double[logs.length];
    for (int i = 0; i < logs.length; i++) {
      sigmas[i] = Float32.round(Math.exp(logs[i]));
    }
    return sigmas;
  }

  private Schedule schedule(double[] timesteps, double[] sigmas) {
    if (!continuous()) {
      return Schedule.of(Float32.round(timesteps), sigmas);
    }
    double[] times = new double[sigmas.length - 1];
    for (int i = 0; i < times.length; i++) {
      times[i] = Float32.round(0.25 * Math.log(Float32.round(sigmas[i])));
    }
    return Schedule.of(times, sigmas);
  }

  private boolean continuous() {
    return config().is("timestep_type", "continuous")
        && config().prediction().equals(Options.V_PREDICTION);
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
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    double sigma = sigma(index);
    double hat = churn.raised(sigma, schedule().sigmas().length - 1);
    // diffusers raises sigma for epsilon only.
    boolean epsilon = config().prediction().equals(Options.EPSILON);
    Prediction prediction = Prediction.varianceExploding(config(), epsilon ? hat : sigma);
    Churn.Step step = new Churn.Step(sigma, hat, sigma(index + 1));
    return churn.step(math(), step, prediction, modelOutput, sample, noise);
  }

  @Override
  public NDArray addNoise(NDArray original, NDArray noise, int index) {
    return math().combine(new double[] {1, sigma(index)}, original, noise);
  }
}
