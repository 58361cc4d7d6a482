package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.schedulers.Scheduler;
import java.util.List;

/**
 * The number of denoising steps, or an explicit list of timesteps or sigmas.
 *
 * @param steps {@code num_inference_steps}; what lists of one's own make of it otherwise
 */
public record StepSchedule(int steps, List<Double> timesteps, List<Double> sigmas) {

  public StepSchedule {
    timesteps = List.copyOf(timesteps);
    sigmas = List.copyOf(sigmas);
    if (!timesteps.isEmpty() && !sigmas.isEmpty()) {
      throw new SdxlException("timesteps and sigmas are both given; choose one");
    }
  }

  /** Evenly spread steps. */
  public static StepSchedule of(int steps) {
    return new StepSchedule(steps, List.of(), List.of());
  }

  /**
   * Sets the scheduler (diffusers: {@code retrieve_timesteps}).
   *
   * @return the number of steps, which lists of one's own decide
   */
  int apply(Scheduler scheduler) {
    if (!timesteps.isEmpty()) {
      scheduler.setTimesteps(array(timesteps));
      return scheduler.timesteps().length;
    } else if (!sigmas.isEmpty()) {
      scheduler.setSigmas(array(sigmas));
      return scheduler.timesteps().length;
    }
    scheduler.setTimesteps(steps);
    return steps;
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
