package farm.darkroom.infra.dashboard;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.submitter.command.QueueLine;
import farm.darkroom.submitter.watch.Fleet;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A farm at one time.
 *
 * @param previews of jobs that are being rendered: bytes by job
 * @param stored the jobs that were stored last, the latest first
 * @param dead the jobs that died last, the latest first
 */
record FarmView(
    List<QueueLine> queues,
    Fleet fleet,
    Map<String, Long> previews,
    List<Stored> stored,
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
    requireNonNull(fleet, "fleet");
    previews = Map.copyOf(previews);
    stored = List.copyOf(stored);
    dead = List.copyOf(dead);
  }
}
