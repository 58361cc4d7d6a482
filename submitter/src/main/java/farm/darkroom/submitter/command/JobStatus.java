package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.Json;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code status} output for one job.
 *
 * @param event its last one
 * @param record what it left, when it is done, whatever the event says
 * @param damage what is wrong with that, when it cannot be read
 */
record JobStatus(
    String id, Optional<JobEvent> event, Optional<RenderRecord> record, Optional<String> damage) {
  private static final int LONGEST = 1000;

  boolean isKnown() {
    return event.isPresent() || isDone();
  }

  private boolean isDone() {
    return record.isPresent() || damage.isPresent();
  }

  String text(WorkerHeartbeats heartbeats) {
    List<String> lines = new ArrayList<>();
    lines.add("job " + id + ": " + state());
    event.flatMap(JobEvent::batch).ifPresent(batch -> lines.add("batch     " + shown(batch)));
    worker().ifPresent(worker -> lines.add("worker    " + shown(worker)));
    event.ifPresent(e -> lines.add("attempts  " + e.attempt()));
    event.ifPresent(e -> lines.add("since     " + e.at()));
    event.flatMap(JobEvent::reason).ifPresent(reason -> lines.add("reason    " + shown(reason)));
    heartbeats.beats().stream()
        .filter(beat -> beat.render().filter(render -> render.jobId().equals(id)).isPresent())
        .map(beat -> "now       " + WorkerLine.text(beat, heartbeats))
        .forEach(lines::add);
    images().forEach(image -> lines.add("image     " + image.key()));
    damage.ifPresent(wrong -> lines.add("damage    " + wrong));
    return String.join(System.lineSeparator(), lines);
  }

  /** Events can hold any text. */
  private static String shown(String said) {
    return Found.printable(said.replace("\n", "; "), LONGEST);
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    node.put("id", id);
    node.put("state", state());
    event.flatMap(JobEvent::batch).ifPresent(batch -> node.put("batch", batch));
    worker().ifPresent(worker -> node.put("worker", worker));
    event.ifPresent(e -> node.put("attempts", e.attempt()).put("at", e.at().toString()));
    event.flatMap(JobEvent::kind).ifPresent(kind -> node.put("kind", kind.name()));
    event.flatMap(JobEvent::reason).ifPresent(reason -> node.put("reason", reason));
    ArrayNode images = node.putArray("images");
    images().forEach(image -> images.add(image.key()));
    damage.ifPresent(wrong -> node.put("damage", wrong));
    return node;
  }

  private String state() {
    return isDone() ? "stored" : event.map(e -> e.state().label()).orElse("unknown");
  }

  private Optional<String> worker() {
    return record.map(done -> done.conditions().worker()).or(() -> event.flatMap(JobEvent::worker));
  }

  private List<StoredImage> images() {
    return record.map(RenderRecord::images).orElse(List.of());
  }
}
