package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.Counted;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.json.Json;
import farm.darkroom.submitter.watch.DeadJob;
import java.util.Base64;

/** One dead job, as text for people and as JSON for scripts. */
final class DeadLine {
  private DeadLine() {}

  /** Such as {@code 9k9c... 2026-01-31T12:00:00Z 5 attempts box-17 reason}. */
  static String text(DeadJob dead, boolean stored) {
    String worker = dead.event().flatMap(JobEvent::worker).orElse("-");
    return "%s  %s  %s  %s  %s%s"
        .formatted(
            dead.id(),
            dead.letter().at(),
            Counted.of(dead.letter().deliveryCount(), "attempt"),
            worker,
            stored ? "(stored all the same) " : "",
            dead.reason());
  }

  /** As {@link #json(DeadJob)}, and whether its result is in the store. */
  static ObjectNode json(DeadJob dead, boolean stored) {
    return json(dead).put("stored", stored);
  }

  /** With the record: its JSON, or its bytes in Base64 when it is none. */
  static ObjectNode whole(DeadJob dead) {
    ObjectNode node = json(dead);
    node.put("topic", dead.letter().source());
    byte[] payload = dead.letter().payload();
    try {
      node.set("record", Json.parse(payload));
    } catch (FarmException e) {
      node.put("record_base64", Base64.getEncoder().encodeToString(payload));
    }
    return node;
  }

  static ObjectNode json(DeadJob dead) {
    ObjectNode node = Json.object();
    node.put("id", dead.id());
    node.put("at", dead.letter().at().toString());
    node.put("attempts", dead.letter().deliveryCount());
    dead.kind().ifPresent(kind -> node.put("kind", kind.name()));
    node.put("reason", dead.reason());
    dead.event().flatMap(JobEvent::worker).ifPresent(worker -> node.put("worker", worker));
    dead.event().flatMap(JobEvent::batch).ifPresent(batch -> node.put("batch", batch));
    return node;
  }
}
