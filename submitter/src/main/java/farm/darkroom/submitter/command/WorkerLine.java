package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.submitter.watch.Fleet;
import java.time.Duration;

/** One worker, as text for people and as JSON for scripts. */
final class WorkerLine {
  private WorkerLine() {}

  /** Such as {@code box-17 rendering 12/30 of 9k9c..., 5.10 it/s cpu 812 MiB}. */
  static String text(Heartbeat beat, Fleet fleet) {
    StringBuilder line = new StringBuilder(beat.worker());
    line.append("  ")
        .append(
            fleet.isGone(beat) ? "gone, last heard " + age(beat, fleet) + " ago" : beat.state());
    if (!fleet.isGone(beat)) {
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
  static ObjectNode json(Heartbeat beat, Fleet fleet) {
    ObjectNode node = (ObjectNode) Json.parse(beat.toJson());
    node.put("gone", fleet.isGone(beat));
    return node;
  }

  private static String age(Heartbeat beat, Fleet fleet) {
    return Duration.between(beat.at(), fleet.at()).toSeconds() + " s";
  }
}
