package farm.darkroom.sdxl.schedulers;

import ai.djl.ndarray.NDArray;

/** What all schedulers share: the config, and the schedule that was set. */
abstract class BaseScheduler implements Scheduler {
  private final SchedulerConfig config;
  private final LatentMath math;
  private Schedule schedule;

  BaseScheduler(SchedulerConfig config, LatentMath math) {
    this.config = config;
    this.math = math;
  }

  /** The schedule of {@code steps} steps, {@code steps} being at least 1. */
  abstract Schedule spaced(int steps);

  /** The schedule of the user's timesteps; by default refused in diffusers' words. */
  Schedule ofTimesteps(double[] timesteps) {
    throw config.refuse(
        "does not take a list of timesteps: only DDPM, DPMSolverMultistep, DPMSolverSinglestep,"
            + " EulerDiscrete, HeunDiscrete, LCM and TCD do");
  }

  /** The schedule of the user's sigmas; by default refused in diffusers' words. */
  Schedule ofSigmas(double[] sigmas) {
    throw config.refuse("does not take a list of sigmas: only EulerDiscrete and UniPCMultistep do");
  }

  /** What a model output says at this index, of which no step is done yet. */
  abstract Prediction predictionAt(int index);

  /** Forgets what earlier steps left. */
  void forget() {}

  @Override
  public final void setTimesteps(int steps) {
    if (steps < 1) {
      throw config.refuse("num_inference_steps is %d, allowed: from 1".formatted(steps));
    }
    begin(spaced(steps));
  }

  @Override
  public final void setTimesteps(double[] timesteps) {
    if (timesteps.length == 0) {
      throw config.refuse("timesteps is an empty list");
    }
    begin(ofTimesteps(timesteps.clone()));
  }

  @Override
  public final void setSigmas(double[] sigmas) {
    if (sigmas.length == 0) {
      throw config.refuse("sigmas is an empty list");
    }
    begin(ofSigmas(sigmas.clone()));
  }

  private void begin(Schedule next) {
    forget();
    schedule = next;
  }

  final LatentMath math() {
    return math;
  }

  final Schedule schedule() {
    if (schedule == null) {
      throw new IllegalStateException(config.name() + ": set timesteps first");
    }
    return schedule;
  }

  final double timestep(int index) {
    return schedule().timesteps()[index];
  }

  final double sigma(int index) {
    return schedule().sigmas()[index];
  }

  @Override
  public final SchedulerConfig config() {
    return config;
  }

  @Override
  public final double[] timesteps() {
    return schedule().timesteps().clone();
  }

  @Override
  public final double[] sigmas() {
    return schedule().sigmas().clone();
  }

  @Override
  public void checkBegin(int index) {}

  @Override
  public double initNoiseSigma() {
    return 1;
  }

  @Override
  public double inputScale(int index) {
    return 1;
  }

  @Override
  public final NDArray scaleModelInput(NDArray sample, int index) {
    return math.combine(new double[] {inputScale(index)}, sample);
  }

  @Override
  public final NDArray clean(NDArray modelOutput, int index, NDArray sample) {
    return new SampleClipping(config, math).clean(predictionAt(index), sample, modelOutput);
  }

  @Override
  public int order() {
    return 1;
  }

  @Override
  public final void close() {
    forget();
  }
}
