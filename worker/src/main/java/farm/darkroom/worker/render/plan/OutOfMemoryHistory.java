package farm.darkroom.worker.render.plan;

import farm.darkroom.common.BoundedMap;
import farm.darkroom.common.job.ControlNetChoice;
import farm.darkroom.common.job.IpAdapterChoice;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.SizeConditioning;
import farm.darkroom.common.job.T2iAdapterChoice;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Remembers which plans ran out of memory, and for what kind of job. Not thread-safe. */
final class OutOfMemoryHistory {
  private static final int REMEMBERED = 1000;
  private final Map<Likeness, Long> least = new BoundedMap<>(REMEMBERED);

  /** What jobs that take about the same memory have in common. */
  private record Likeness(
      String model,
      Optional<String> refiner,
      Optional<String> vae,
      List<String> controlNets,
      List<String> t2iAdapters,
      List<String> ipAdapters,
      SizeConditioning framing) {

    static Likeness of(RenderJob job) {
      return new Likeness(
          job.model(),
          job.refiner().map(RefinerChoice::model),
          job.additions().vae(),
          job.additions().controlnet().stream().map(ControlNetChoice::model).toList(),
          job.additions().t2iAdapters().choices().stream().map(T2iAdapterChoice::model).toList(),
          job.additions().ipAdapter().stream().map(IpAdapterChoice::model).toList(),
          job.framing());
    }
  }

  /** Notes that such jobs ran out of memory under a plan of this many bytes. */
  void remember(RenderJob job, long bytes) {
    least.merge(Likeness.of(job), bytes, Math::min);
  }

  /** The smallest plan that ran out of memory for such jobs; empty if none did. */
  Optional<Long> of(RenderJob job) {
    return Optional.ofNullable(least.get(Likeness.of(job)));
  }
}
