package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.Counted;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.QueueStatus;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One queue, as text for people and as JSON for scripts.
 *
 * @param wrong what of it is missing or set wrongly, as a sentence
 */
public record QueueLine(
    QueueStatus status, WorkerHeartbeats heartbeats, boolean paused, Optional<String> wrong) {

  /**
   * Such as {@code default 40 jobs (high 0, normal 40, low 0), 2 in flight, oldest 12 s, 1 dead
   * letter, 2 workers}.
   */
  public String text() {
    return "%s  %s (high %d, normal %d, low %d), %d in flight, oldest %s, %s, %s%s%s%s"
        .formatted(
            status.queue(),
            Counted.of(status.depth(), "job"),
            depth(Lane.HIGH),
            depth(Lane.NORMAL),
            depth(Lane.LOW),
            inFlight(),
            oldest()
                .map(at -> Duration.between(at, heartbeats.at()).toSeconds() + " s")
                .orElse("-"),
            Counted.of(status.deadLetters(), "dead letter"),
            Counted.of(workers(), "worker"),
            sickNote(),
            paused ? ", paused" : "",
            wrong.map(why -> "; " + why).orElse(""));
  }

  private String sickNote() {
    if (sick() == 0) {
      return "";
    }
    String verb = sick() == 1 ? "takes" : "take";
    return " (%d %s no jobs)".formatted(sick(), verb);
  }

  /** This queue as JSON for scripts. */
  public ObjectNode json() {
    ObjectNode node = Json.object();
    node.put("queue", status.queue());
    node.put("depth", status.depth());
    ObjectNode lanes = node.putObject("lanes");
    for (Lane lane : Lane.values()) {
      lanes.put(lane.label(), depth(lane));
    }
    oldest().ifPresent(at -> node.put("oldest", at.toString()));
    node.put("dead_letters", status.deadLetters());
    node.put("in_flight", inFlight());
    node.put("workers", workers());
    node.put("sick_workers", sick());
    node.put("consumers", status.members());
    node.put("paused", paused);
    wrong.ifPresent(why -> node.put("wrong", why));
    return node;
  }

  /** How many of its jobs workers hold. */
  public long inFlight() {
    return heartbeats.inFlight(status.queue());
  }

  /** How many workers serve it. */
  public int workers() {
    return heartbeats.serving(status.queue()).size();
  }

  /** How many of them take no jobs. */
  public long sick() {
    return heartbeats.serving(status.queue()).stream()
        .filter(beat -> beat.trouble().isPresent())
        .count();
  }

  /** How many jobs of a lane are not done: waiting or leased. */
  public long depth(Lane lane) {
    return status.lanes().get(lane).depth();
  }

  /** When the oldest job that is not done was published; empty where all are. */
  public Optional<Instant> oldest() {
    return status.lanes().values().stream()
        .flatMap(lane -> lane.oldest().stream())
        .min(Instant::compareTo);
  }
}
