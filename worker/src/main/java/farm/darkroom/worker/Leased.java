package farm.darkroom.worker;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.queue.RecordName;
import farm.darkroom.common.store.StoreKeys;
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
    station.metrics().queueWait(station.since(queued.submittedAt()));
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
    station.rack().awaitGone(held.key());
    String record = StoreKeys.record(held.key());
    if (station.persistence().insist(held, PATIENCE, () -> station.store().exists(record))) {
      station.metrics().skipped();
      return new Settling(held, JobState.STORED);
    }
    if (station.cancelled(held)) {
      return new Settling(held, JobState.CANCELLED);
    }
    Optional<String> lacks = station.renderer().lacks(job);
    if (lacks.isPresent()) {
      return new Declining(held, job, lacks.get());
    }
    if (held.kept().lost()) {
      // Said after another worker ended it, this would bring a dead job back to life.
      throw new RenderStopped(Stop.LEASE_LOST);
    }
    station.announcer().started(held);
    return station
        .shelf()
        .take(held.key())
        .<Stage>map(finished -> new Storing(held, finished))
        .orElseGet(() -> new Rendering(held, job, plan(station, held, job)));
  }

  /** A picture that decides the size may lie in a store that is away. */
  private static RenderPlan plan(Station station, Held held, RenderJob job) {
    return station.persistence().insist(held, PATIENCE, () -> station.renderer().plan(job));
  }
}
