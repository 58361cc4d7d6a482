package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.schedulers.Scheduler;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Which of a scheduler's timesteps a request runs.
 *
 * @param begin index of the first
 * @param end index past the last
 * @param ahead by how many noise levels the scheduler is ahead of its timesteps
 */
record DenoisingWindow(int begin, int end, int ahead) {

  /** A timestep with its noise level. */
  DenoisingWindow(int begin, int end) {
    this(begin, end, 0);
  }

  /**
   * Those that the request asks for; none where a hand-over leaves this model none, as in
   * diffusers: with few steps all of them may fall to the other one.
   *
   * @param steps {@code num_inference_steps} as the schedule made it
   * @throws SdxlException when strength leaves no step
   */
  static DenoisingWindow of(Request request, Scheduler scheduler, int steps) {
    double[] timesteps = scheduler.timesteps();
    int train = scheduler.config().trainTimesteps();
    DenoisingWindow window = toTheEnd(request, scheduler, steps);
    if (window.length() < 1
        && request.sampling().denoisingStart().isEmpty()
        && request.source() instanceof PictureSource.Changed changed) {
      throw new SdxlException(
          "strength %s leaves no step of %d; ask for more".formatted(changed.strength(), steps));
    }
    DenoisingWindow cut = window.until(timesteps, request.sampling().denoisingEnd(), train);
    return request.searchesFirstStep() && scheduler.sigmas().length > 0
        ? cut.found(timesteps)
        : cut;
  }

  /**
   * The same where diffusers looks for the first timestep in the list, and of two that are one
   * takes the second. Run to the end, its steps would then go past the last noise level, which it
   * refuses: that window stays as it is.
   */
  DenoisingWindow found(double[] timesteps) {
    boolean twice = timesteps.length > 1 && timesteps[1] == timesteps[0];
    return twice && end < timesteps.length ? new DenoisingWindow(begin, end, 1) : this;
  }

  /** The window that the request would run without {@code denoising_end}. */
  static DenoisingWindow toTheEnd(Request request, Scheduler scheduler, int steps) {
    double[] timesteps = scheduler.timesteps();
    SamplingSpec sampling = request.sampling();
    if (sampling.denoisingStart().isPresent()) {
      double start = sampling.denoisingStart().getAsDouble();
      return from(timesteps, start, scheduler.order(), scheduler.config().trainTimesteps());
    }
    return request.source() instanceof PictureSource.Changed changed
        ? strength(timesteps, steps, changed.strength(), scheduler.order())
        : all(timesteps);
  }

  /** The whole schedule. */
  static DenoisingWindow all(double[] timesteps) {
    return new DenoisingWindow(0, timesteps.length);
  }

  /**
   * The last part of the schedule that {@code strength} leaves (diffusers: {@code get_timesteps} of
   * the image to image pipeline).
   *
   * @param order the scheduler's order
   */
  static DenoisingWindow strength(double[] timesteps, int steps, double strength, int order) {
    int run = Math.min((int) (steps * strength), steps);
    int begin = Math.max(steps - run, 0) * order;
    return new DenoisingWindow(Math.min(begin, timesteps.length), timesteps.length);
  }

  /**
   * The part below the noise level that another model handed over at. A second-order scheduler gets
   * one step more where the cut would fall between its two evaluations.
   */
  static DenoisingWindow from(double[] timesteps, double start, int order, int trainTimesteps) {
    long cutoff = cutoff(start, trainTimesteps);
    int run = (int) Arrays.stream(timesteps).filter(t -> t < cutoff).count();
    if (order == 2 && run % 2 == 0) {
      run++;
    }
    return new DenoisingWindow(Math.max(timesteps.length - run, 0), timesteps.length);
  }

  /** Whether {@code denoising_end} ends the schedule early. */
  static boolean cuts(OptionalDouble end) {
    return end.isPresent() && end.getAsDouble() > 0 && end.getAsDouble() < 1;
  }

  /** This window without the timesteps past {@code end} of the noise schedule. */
  DenoisingWindow until(double[] timesteps, OptionalDouble end, int trainTimesteps) {
    if (!cuts(end)) {
      return this;
    }
    long cutoff = cutoff(end.getAsDouble(), trainTimesteps);
    int run = (int) Arrays.stream(timesteps, begin, this.end).filter(t -> t >= cutoff).count();
    return new DenoisingWindow(begin, begin + run);
  }

  /** A warning for the user. */
  Optional<String> warning() {
    return length() > 0
        ? Optional.empty()
        : Optional.of(
            "none of the timesteps falls between denoising_start and denoising_end:"
                + " the latents went through unchanged");
  }

  int length() {
    return end - begin;
  }

  /** Python's {@code int(round(...))}: halves to even. */
  private static long cutoff(double fraction, int trainTimesteps) {
    return (long) Math.rint(trainTimesteps - fraction * trainTimesteps);
  }
}
