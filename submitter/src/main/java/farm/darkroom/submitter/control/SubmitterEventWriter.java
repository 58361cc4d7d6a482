package farm.darkroom.submitter.control;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.queue.EventLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says events of the submitter's side to a log in which workers speak at the same time. A worker
 * knows better: where one said how a job ended, after the log was read and before the submitter's
 * event came there, its words are said again, so that they are the last ones. Used once, by one
 * thread.
 */
final class SubmitterEventWriter implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(200);

  /** How many empty reads of the log to accept before giving up on seeing what was written. */
  private static final int EMPTY_LOOKS = 20;

  private final EventLog events;
  private final EventLog.Tail tail;
  private final Map<String, JobEvent> known;

  /**
   * Reads the log.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  SubmitterEventWriter(EventLog events) {
    this.events = requireNonNull(events, "events");
    this.tail = events.follow();
    try {
      this.known = events.latest();
    } catch (RuntimeException e) {
      tail.close();
      throw e;
    }
  }

  /** The last event of every job, as it was when this began. */
  Map<String, JobEvent> known() {
    return known;
  }

  /**
   * Publishes events, one for a job.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE; some may then be there
   */
  void say(List<JobEvent> mine) {
    events.publish(mine);
    List<JobEvent> overtaken = overtaken(mine);
    if (overtaken.isEmpty()) {
      return;
    }
    Map<String, JobEvent> latest = events.latest();
    events.publish(
        overtaken.stream().filter(event -> isSubmitters(latest.get(event.jobId()))).toList());
  }

  @Override
  public void close() {
    tail.close();
  }

  /**
   * What workers said of the end of these jobs between the reading of the log and these events:
   * after any other word of a worker comes another one.
   */
  private List<JobEvent> overtaken(List<JobEvent> mine) {
    Map<String, JobEvent> awaited = new HashMap<>();
    mine.forEach(event -> awaited.put(event.jobId(), event));
    Map<String, JobEvent> workers = new HashMap<>();
    List<JobEvent> overtaken = new ArrayList<>();
    for (int empty = 0; !awaited.isEmpty() && empty < EMPTY_LOOKS; ) {
      List<JobEvent> came = tail.poll(LOOK);
      empty = came.isEmpty() ? empty + 1 : 0;
      for (JobEvent event : came) {
        if (!isSubmitters(event)) {
          workers.put(event.jobId(), event);
        } else if (isSame(event, awaited.get(event.jobId()))) {
          awaited.remove(event.jobId());
          Optional.ofNullable(workers.get(event.jobId()))
              .filter(said -> said.state().isEnd() && !said.equals(known.get(said.jobId())))
              .ifPresent(overtaken::add);
        }
      }
    }
    return overtaken;
  }

  private static boolean isSubmitters(JobEvent event) {
    return event.worker().isEmpty();
  }

  private static boolean isSame(JobEvent event, JobEvent mine) {
    return mine != null && event.state() == mine.state();
  }
}
