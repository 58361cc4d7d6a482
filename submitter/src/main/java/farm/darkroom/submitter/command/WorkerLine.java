package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.time.Duration;

/** One worker, as text for people and as JSON for scripts. */
final class WorkerLine {
  private WorkerLine() {}

  /** Such as {@code box-17 rendering 12/30 of 9k9c..., 5.10 it/s cpu 812 MiB}. */
  static String text(Heartbeat beat, WorkerHeartbeats heartbeats) {
    StringBuilder line = new StringBuilder(beat.worker());
    line.append("  ")
        .append(
            heartbeats.isGone(beat)
                ? "gone, last heard " + age(beat, heartbeats) + " ago"
                : beat.state());
    if (!heartbeats.isGone(beat)) {
      beat.render()
          .ifPresent(
              r ->
                  line.append(
                      " step %d/%d of %s, %.2f it/s"
                          .formatted(r.step(), r.steps(), r.jobId(), r.iterationsPerSecond())));
    }
    line.append("  ").append(beat.device());
    line.append("  ").append(beat.memoryBytes() >> 20).append(" MiB");
    beat.trouble().ifPresent(trouble -> line.append("  takes no jobs: ").append(trouble));
    return line.toString();
  }

  /** The heartbeat's own JSON, and whether the worker is gone. */
  static ObjectNode json(Heartbeat beat, WorkerHeartbeats heartbeats) {
    ObjectNode node = (ObjectNode) Json.parse(beat.toJson());
    node.put("gone", heartbeats.isGone(beat));
    return node;
  }

  private static String age(Heartbeat beat, WorkerHeartbeats heartbeats) {
    return Duration.between(beat.at(), heartbeats.at()).toSeconds() + " s";
  }
}
