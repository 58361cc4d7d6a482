package farm.darkroom.submitter.watch;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.EventLog;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The state of every job: its latest event, or a death that no worker lived to report. */
public final class JobStateReader {
  private final EventLog events;
  private final DeadLetters letters;

  public JobStateReader(EventLog events, DeadLetters letters) {
    this.events = requireNonNull(events, "events");
    this.letters = requireNonNull(letters, "letters");
  }

  /**
   * All jobs at one time.
   *
   * @param jobs the last event of each by id; DEAD for those in {@code dead}
   * @param dead oldest first
   */
  public record States(Map<String, JobEvent> jobs, List<DeadJob> dead) {}

  /**
   * Where they stand now.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public States read() {
    Map<String, JobEvent> jobs = new HashMap<>(events.latest());
    List<DeadJob> dead = DeadJob.among(letters.list(), jobs);
    dead.forEach(job -> jobs.put(job.id(), job.asEvent()));
    return new States(jobs, dead);
  }
}
