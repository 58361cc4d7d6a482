package farm.darkroom.infra.dashboard;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.submitter.command.QueueLine;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.time.Instant;
import java.util.List;

/**
 * A farm at one moment.
 *
 * @param store what lies there of jobs that are being rendered, and of those that were stored last,
 *     the latest first
 * @param dead the jobs that died last, the latest first
 */
record FarmView(
    List<QueueLine> queues,
    WorkerHeartbeats heartbeats,
    StoreMonitor.Seen store,
    List<JobEvent> dead) {

  /** A finished job and when it was stored. */
  record Stored(RenderRecord record, Instant at) {
    Stored {
      requireNonNull(record, "record");
      requireNonNull(at, "at");
    }
  }

  FarmView {
    queues = List.copyOf(queues);
    requireNonNull(heartbeats, "heartbeats");
    requireNonNull(store, "store");
    dead = List.copyOf(dead);
  }
}
