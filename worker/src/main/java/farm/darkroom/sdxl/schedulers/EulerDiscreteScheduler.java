package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * Euler's method on the probability-flow ODE: Elucidating the Design Space of Diffusion-Based
 * Generative Models (Karras et al.), algorithm 2 with no churn, for which no pipeline asks.
 * Stateless.
 */
final class EulerDiscreteScheduler extends SigmaScheduler {
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
          Options.spacing("linspace"));

  EulerDiscreteScheduler(SchedulerConfig config, LatentMath math) {
    super(config, math);
  }

  @Override
  Schedule spaced(int steps) {
    return schedule(levels(steps));
  }

  @Override
  Schedule ofTimesteps(double[] timesteps) {
    refuseTimestepsWithShape();
    if (continuous()) {
      throw config().refuse("a list of timesteps and timestep_type continuous exclude each other");
    }
    return schedule(levelsAt(timesteps));
  }

  @Override
  Schedule ofSigmas(double[] sigmas) {
    if (sigmas.length < 2) {
      throw config().refuse("sigmas has 1 number, allowed: from 2, the last being the end");
    }
    double[] timesteps = new double[sigmas.length - 1];
    for (int i = 0; i < timesteps.length; i++) {
      if (sigmas[i] <= 0) {
        throw config()
            .refuse("sigmas has %s before the end, allowed: above 0".formatted(sigmas[i]));
      }
      timesteps[i] = training().timestepOf((float) sigmas[i]);
    }
    return schedule(timesteps, sigmas);
  }

  private Schedule schedule(Levels levels) {
    double last = config().is("final_sigmas_type", "zero") ? 0 : training().sigma(0);
    return schedule(levels.timesteps(), Spacing.append(levels.sigmas(), last));
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

  /** log_linear has one sigma more than there are timesteps, and diffusers keeps it. */
  @Override
  double[] sigmasAt(double[] timesteps, int steps) {
    if (config().is("interpolation_type", "linear")) {
      return super.sigmasAt(timesteps, steps);
    }
    double first = training().logSigma(training().length() - 1);
    float[] logs = Float32.linspace(first, training().logSigma(0), steps + 1);
    double[] sigmas = new double[logs.length];
    for (int i = 0; i < logs.length; i++) {
      sigmas[i] = Float32.round(Math.exp(logs[i]));
    }
    return sigmas;
  }

  @Override
  public NDArray step(NDArray modelOutput, int index, NDArray sample, NoiseSource noise) {
    double sigma = sigma(index);
    return math().eulerStep(sample, modelOutput, prediction(sigma), sigma, sigma(index + 1));
  }
}
