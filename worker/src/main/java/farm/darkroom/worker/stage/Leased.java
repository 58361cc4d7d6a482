package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.queue.RecordName;
import farm.darkroom.worker.lease.Held;
import farm.darkroom.worker.lease.LeaseKeeper;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Stop;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.MDC;

/**
 * A record was taken from the queue; what is in it is not known yet.
 *
 * @param held keyed by what the record's key says
 */
record Leased(Held held) implements HeldStage {

  /** How long a job that is not rendered yet waits here for a store that does not answer. */
  static final Duration PATIENCE = Duration.ofMinutes(1);

  Leased(Lease lease, LeaseKeeper.Kept kept) {
    this(new Held(lease, kept, RecordName.unread(lease.key(), lease.payload()), Optional.empty()));
  }

  @Override
  public Stage advance(Station station) {
    QueuedJob queued;
    try {
      queued = QueuedJob.fromJson(held.lease().payload());
    } catch (FarmException e) {
      return new Refusing(noJob(), e);
    }
    station.pulse().metrics().queueWait(station.pulse().since(queued.submittedAt()));
    String id = queued.id().text();
    queued.batch().ifPresent(batch -> MDC.put("batch", batch));
    held.kept().about(id, queued.batch());
    Held named = new Held(held.lease(), held.kept(), id, queued.batch());
    return take(station, named, queued.job());
  }

  private Held noJob() {
    String name = RecordName.noJob(held.lease().key(), held.lease().payload());
    return new Held(held.lease(), held.kept(), name, Optional.empty());
  }

  private static Stage take(Station station, Held held, RenderJob job) {
    station.results().rack().awaitGone(held.key());
    Optional<String> lacks = station.renderer().lacks(job);
    boolean likelyNew = held.attempt() == 1 && !station.results().shelf().has(held.key());
    if (likelyNew && lacks.isEmpty() && !station.intake().cancelled(held)) {
      return rendering(station, held, job, Look.begin(station, held));
    }
    if (station.isStored(held)) {
      throw new RenderStopped(Stop.STORED);
    }
    if (station.intake().cancelled(held)) {
      return new Settling(held, JobState.CANCELLED);
    }
    return lacks
        .<Stage>map(what -> new Declining(held, job, what))
        .orElseGet(() -> begun(station, held, job));
  }

  private static Stage begun(Station station, Held held, RenderJob job) {
    station.begins(held);
    return station
        .results()
        .shelf()
        .take(held.key())
        .<Stage>map(finished -> new Storing(held, finished))
        .orElseGet(() -> rendering(station, held, job, Look.done()));
  }

  private static Stage rendering(Station station, Held held, RenderJob job, Look look) {
    try {
      return new Rendering(held, job, plan(station, held, job), look);
    } catch (RuntimeException e) {
      look.settle();
      throw e;
    }
  }

  /** A picture that decides the size may lie in a store that is away. */
  private static RenderPlan plan(Station station, Held held, RenderJob job) {
    return station
        .settlement()
        .persistence()
        .insist(held, PATIENCE, () -> station.renderer().plan(job));
  }
}
