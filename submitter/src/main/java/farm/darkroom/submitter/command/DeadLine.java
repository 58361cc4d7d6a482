package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.json.Json;
import farm.darkroom.submitter.watch.DeadJob;

/** One dead job, for scripts. */
final class DeadLine {
  private DeadLine() {}

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
