package farm.darkroom.worker.stage;

import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.lease.Held;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Stop;
import java.time.Duration;
import java.util.Optional;

/**
 * The record was read and is a job: is there anything to be done for it? Events from here on name
 * the job's own id, which need not be its record's key, and its batch.
 */
record Known(Held held, RenderJob job) implements HeldStage {

  /** How long a job that is not rendered yet waits here for a store that does not answer. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  @Override
  public Stage advance(Station station) {
    station.results().rack().awaitGone(held.key());
    Optional<String> lacks = station.renderer().lacks(job);
    boolean likelyNew = held.attempt() == 1 && !station.results().shelf().has(held.key());
    if (likelyNew && lacks.isEmpty() && !station.intake().cancelled(held)) {
      return rendering(station, Look.begin(station, held));
    }
    if (station.isStored(held)) {
      throw new RenderStopped(Stop.STORED);
    }
    if (station.intake().cancelled(held)) {
      return new Settling(held, JobState.CANCELLED);
    }
    return lacks.<Stage>map(what -> new Declining(held, job, what)).orElseGet(() -> begun(station));
  }

  private Stage begun(Station station) {
    station.announceStart(held);
    return station
        .results()
        .shelf()
        .take(held.key())
        .<Stage>map(finished -> new Storing(held, finished))
        .orElseGet(() -> rendering(station, Look.done()));
  }

  private Stage rendering(Station station, Look look) {
    try {
      return new Rendering(held, job, plan(station), look);
    } catch (RuntimeException e) {
      look.settle();
      throw e;
    }
  }

  /** A picture that decides the size may lie in a store that is away. */
  private RenderPlan plan(Station station) {
    return station
        .settlement()
        .persistence()
        .insist(held, PATIENCE, () -> station.renderer().plan(job));
  }
}
