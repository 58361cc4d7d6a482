package farm.darkroom.worker.stage;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.queue.RecordName;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.lease.LeaseKeeper;
import java.util.Optional;

/**
 * A record was leased from the queue; its content has not been read yet.
 *
 * @param held keyed by what the record's key says
 */
record Leased(HeldJob held) implements HeldStage {

  Leased(Lease lease, LeaseKeeper.Kept kept) {
    this(
        new HeldJob(
            lease, kept, RecordName.unread(lease.key(), lease.payload()), Optional.empty()));
  }

  @Override
  public Stage advance(StageContext context) {
    QueuedJob queued;
    try {
      queued = QueuedJob.fromJson(held.lease().payload());
    } catch (FarmException e) {
      return new Rejecting(noJob(), e);
    }
    context.telemetry().metrics().queueWait(context.telemetry().since(queued.submittedAt()));
    String id = queued.id().text();
    held.kept().about(id, queued.batch());
    return new Admitting(new HeldJob(held.lease(), held.kept(), id, queued.batch()), queued.job());
  }

  private HeldJob noJob() {
    String name = RecordName.noJob(held.lease().key(), held.lease().payload());
    return new HeldJob(held.lease(), held.kept(), name, Optional.empty());
  }
}
