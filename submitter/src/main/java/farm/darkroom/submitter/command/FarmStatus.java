package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.Counted;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.submitter.watch.BatchCounts;
import farm.darkroom.submitter.watch.DeadJob;
import farm.darkroom.submitter.watch.JobCounts;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The {@code status} output for many jobs.
 *
 * @param batch empty for all jobs of the farm
 * @param batches those of the farm, the one first that was heard of last
 * @param unread how many more there are
 */
record FarmStatus(
    Optional<String> batch,
    JobCounts counts,
    List<BatchCounts> batches,
    int unread,
    WorkerHeartbeats heartbeats,
    List<DeadJob> dead) {
  private static final int MOST_SHOWN = 20;
  private static final int LONGEST_NAME = 128;
  private static final int MOST_BATCHES = 1000;

  String text() {
    List<String> lines = new ArrayList<>();
    String summary = counts.total() == 0 ? "none" : counts.total() + ": " + counts;
    lines.add(batch.map(name -> "batch " + name + ", jobs ").orElse("jobs ") + summary);
    if (batch.isEmpty()) {
      addBatches(lines);
    }
    lines.add(
        "workers " + (heartbeats.beats().isEmpty() ? "none" : heartbeats.beats().size() + ":"));
    heartbeats.beats().forEach(beat -> lines.add("  " + WorkerLine.text(beat, heartbeats)));
    lines.add("dead letters " + (dead.isEmpty() ? "none" : dead.size() + ":"));
    dead.stream()
        .limit(MOST_SHOWN)
        .forEach(job -> lines.add("  " + job.id() + "  " + job.reason()));
    if (dead.size() > MOST_SHOWN) {
      lines.add("  and " + (dead.size() - MOST_SHOWN) + " more");
    }
    return String.join(System.lineSeparator(), lines);
  }

  private void addBatches(List<String> lines) {
    lines.add("batches " + (count() == 0 ? "none" : count() + ", most recent first:"));
    for (BatchCounts one : batches.subList(0, Math.min(batches.size(), MOST_SHOWN))) {
      JobCounts jobs = one.counts();
      String name = Found.printable(one.batch(), LONGEST_NAME);
      lines.add("  %s  %s: %s".formatted(name, Counted.of(jobs.total(), "job"), jobs));
    }
    int more = count() - Math.min(batches.size(), MOST_SHOWN);
    if (more > 0) {
      lines.add("  and " + more + " more");
    }
  }

  private int count() {
    return batches.size() + unread;
  }

  ObjectNode toJson() {
    ObjectNode node = Json.object();
    batch.ifPresent(name -> node.put("batch", name));
    put(node, counts).put("not_queued", counts.unknown());
    if (batch.isEmpty()) {
      putBatches(node);
    }
    ArrayNode workers = node.putArray("workers");
    for (Heartbeat beat : heartbeats.beats()) {
      workers.add(WorkerLine.json(beat, heartbeats));
    }
    ArrayNode letters = node.putArray("dead");
    dead.forEach(job -> letters.add(DeadLine.json(job)));
    return node;
  }

  private void putBatches(ObjectNode node) {
    ArrayNode shown = node.putArray("batches");
    for (BatchCounts one : batches.subList(0, Math.min(batches.size(), MOST_BATCHES))) {
      ObjectNode line = shown.addObject().put("batch", one.batch());
      put(line, one.counts());
      one.last().ifPresent(last -> line.put("last", last.toString()));
    }
    node.put("more_batches", count() - shown.size());
  }

  /** Writes the counts, and returns the object of states, to which more may be added. */
  private static ObjectNode put(ObjectNode node, JobCounts counts) {
    node.put("jobs", counts.total());
    ObjectNode states = node.putObject("states");
    for (JobState state : JobState.values()) {
      states.put(state.label(), counts.of(state));
    }
    return states;
  }
}
