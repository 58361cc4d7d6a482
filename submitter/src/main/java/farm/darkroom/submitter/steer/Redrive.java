package farm.darkroom.submitter.steer;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.submitter.submit.SubmitterEvents;
import farm.darkroom.submitter.watch.DeadJob;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Puts dead jobs back on the lane that they came from, with all their deliveries. */
public final class Redrive {
  private final EventLog events;
  private final JobPublisher publisher;
  private final Clock clock;

  public Redrive(EventLog events, JobPublisher publisher, Clock clock) {
    this.events = requireNonNull(events, "events");
    this.publisher = requireNonNull(publisher, "publisher");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * What became of them.
   *
   * @param redriven job ids
   * @param refused ids of records that are no jobs and would die again
   */
  public record Redriven(List<String> redriven, List<String> refused) {}

  /**
   * Publishes the jobs among {@code dead} again.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  public Redriven redrive(List<DeadJob> dead) {
    List<String> redriven = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    for (DeadJob job : dead) {
      Optional<QueuedJob> queued = read(job);
      queued.ifPresent(found -> publish(job, found));
      (queued.isPresent() ? redriven : refused).add(job.id());
    }
    return new Redriven(redriven, refused);
  }

  private void publish(DeadJob job, QueuedJob queued) {
    String id = queued.id().text();
    JobEvent event = SubmitterEvents.queued(id, queued.batch(), clock.instant());
    events.publish(List.of(event));
    publisher.publish(lane(job), List.of(new Posting(id, job.letter().payload())));
  }

  private static Optional<QueuedJob> read(DeadJob job) {
    try {
      return Optional.of(QueuedJob.fromJson(job.letter().payload()));
    } catch (FarmException e) {
      return Optional.empty();
    }
  }

  /** The last part of the topic's name; normal where it says nothing. */
  private static Lane lane(DeadJob job) {
    String topic = job.letter().source().toUpperCase(Locale.ROOT);
    for (Lane lane : Lane.values()) {
      if (topic.endsWith("." + lane.name())) {
        return lane;
      }
    }
    return Lane.NORMAL;
  }
}
