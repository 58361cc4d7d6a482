package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.schedulers.Scheduler;

/**
 * A request's scheduler with its timesteps set, and the part of its schedule that is run.
 *
 * @param window the steps that the request runs
 * @param whole how many there would be without {@code denoising_end}
 * @param counted {@code num_inference_steps} as diffusers' loop has it: of a sampler with two
 *     evaluations a step the steps, unless {@code denoising_end} has counted the timesteps
 */
record PreparedScheduler(Scheduler scheduler, DenoisingWindow window, int whole, int counted) {

  /**
   * Sets the scheduler's timesteps (diffusers: {@code set_timesteps}).
   *
   * @throws SdxlException for steps that it does not take, or where none are left
   */
  static PreparedScheduler of(Request request, Scheduler scheduler) {
    int steps = request.sampling().schedule().apply(scheduler);
    DenoisingWindow window = DenoisingWindow.of(request, scheduler, steps);
    if (window.length() > 0) {
      scheduler.checkBegin(window.begin());
    }
    int whole = DenoisingWindow.toTheEnd(request, scheduler, steps).length();
    int counted = DenoisingWindow.cuts(request.sampling().denoisingEnd()) ? window.length() : steps;
    return new PreparedScheduler(scheduler, window, whole, counted);
  }
}
