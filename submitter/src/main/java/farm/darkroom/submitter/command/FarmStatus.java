package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.submitter.watch.DeadJob;
import farm.darkroom.submitter.watch.Fleet;
import farm.darkroom.submitter.watch.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What {@code status} says of many jobs.
 *
 * @param batch empty for all jobs of the farm
 */
record FarmStatus(Optional<String> batch, Tally tally, Fleet fleet, List<DeadJob> dead) {
  private static final int MOST_SHOWN = 20;

  String text() {
    List<String> lines = new ArrayList<>();
    String counts = tally.total() == 0 ? "none" : tally.total() + ": " + tally;
    lines.add(batch.map(name -> "batch " + name + ", jobs ").orElse("jobs ") + counts);
    lines.add("workers " + (fleet.beats().isEmpty() ? "none" : fleet.beats().size() + ":"));
    fleet.beats().forEach(beat -> lines.add("  " + WorkerLine.text(beat, fleet)));
    lines.add("dead letters " + (dead.isEmpty() ? "none" : dead.size() + ":"));
    dead.stream()
        .limit(MOST_SHOWN)
        .forEach(job -> lines.add("  " + job.id() + "  " + job.reason()));
    if (dead.size() > MOST_SHOWN) {
      lines.add("  and " + (dead.size() - MOST_SHOWN) + " more");
    }
    return String.join(System.lineSeparator(), lines);
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    batch.ifPresent(name -> node.put("batch", name));
    node.put("jobs", tally.total());
    ObjectNode states = node.putObject("states");
    for (JobState state : JobState.values()) {
      states.put(state.label(), tally.of(state));
    }
    states.put("not_queued", tally.unknown());
    ArrayNode workers = node.putArray("workers");
    for (Heartbeat beat : fleet.beats()) {
      workers.add(WorkerLine.json(beat, fleet));
    }
    ArrayNode letters = node.putArray("dead");
    dead.forEach(job -> letters.add(DeadLine.json(job)));
    return node;
  }
}
