package farm.darkroom.sdxl.schedulers;

import java.util.Arrays;

/**
 * The part of a sampler's timesteps that a pipeline walks, {@code from} inclusive to {@code to}
 * exclusive: image to image leaves out the beginning, a base model before a refiner the end.
 */
public record StepRange(int from, int to) {

  /**
   * @throws IllegalArgumentException if the range is not one
   */
  public StepRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no range of steps: " + from + " to " + to);
    }
  }

  /** All timesteps that are set. */
  public static StepRange all(Scheduler scheduler) {
    return new StepRange(0, scheduler.timesteps().length);
  }

  /**
   * The last {@code strength} of the steps, for image to image ({@code get_timesteps} of
   * StableDiffusionXLImg2ImgPipeline).
   *
   * @param steps what the pipeline calls num_inference_steps: the number asked for, or the length
   *     of {@code scheduler.timesteps()} where the user gave timesteps or sigmas
   * @param strength from 0 to 1
   */
  public static StepRange ofStrength(Scheduler scheduler, int steps, double strength) {
    int kept = Math.min((int) (steps * strength), steps);
    int end = scheduler.timesteps().length;
    return new StepRange(Math.min((steps - kept) * scheduler.order(), end), end);
  }

  /**
   * The timesteps after {@code denoisingStart} of the training range. Of second-order samplers
   * whole steps are kept: one timestep more where the cut would lie between the two model calls.
   *
   * @param denoisingStart between 0 and 1
   */
  public static StepRange after(Scheduler scheduler, double denoisingStart) {
    double[] timesteps = scheduler.timesteps();
    double cutoff = cutoff(scheduler, denoisingStart);
    int count = (int) Arrays.stream(timesteps).filter(t -> t < cutoff).count();
    if (scheduler.order() == 2 && count % 2 == 0) {
      count++;
    }
    return new StepRange(Math.max(timesteps.length - count, 0), timesteps.length);
  }

  /**
   * This range up to {@code denoisingEnd} of the training range.
   *
   * @param denoisingEnd between 0 and 1
   */
  public StepRange until(Scheduler scheduler, double denoisingEnd) {
    double cutoff = cutoff(scheduler, denoisingEnd);
    double[] timesteps = Arrays.copyOfRange(scheduler.timesteps(), from, to);
    return new StepRange(
        from, from + (int) Arrays.stream(timesteps).filter(t -> t >= cutoff).count());
  }

  private static double cutoff(Scheduler scheduler, double share) {
    int train = scheduler.config().trainTimesteps();
    return Math.rint(train - share * train);
  }

  /** The number of model calls. */
  public int length() {
    return to - from;
  }
}
