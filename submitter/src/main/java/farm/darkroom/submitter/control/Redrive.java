package farm.darkroom.submitter.control;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.submitter.submit.SubmitterEvents;
import farm.darkroom.submitter.watch.DeadJob;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Puts dead jobs back on the lane they came from, with a fresh delivery count. */
public final class Redrive {
  /** Those that are on the queue and still seem dead when it is stopped in between. */
  private static final int CHUNK = 1000;

  private final EventLog events;
  private final JobPublisher publisher;
  private final Clock clock;
  private final Set<StopOrder> standing;

  /**
   * @param standing orders that workers follow: they would drop what is cancelled
   */
  public Redrive(EventLog events, JobPublisher publisher, Clock clock, Set<StopOrder> standing) {
    this.standing = Set.copyOf(standing);
    this.events = requireNonNull(events, "events");
    this.publisher = requireNonNull(publisher, "publisher");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * The outcome of a redrive.
   *
   * @param redriven job ids
   * @param refused ids of records that are no jobs and would die again
   * @param cancelled the orders that cancel jobs, by their ids
   */
  public record Redriven(
      List<String> redriven, List<String> refused, Map<String, StopOrder> cancelled) {}

  /**
   * Publishes the jobs among {@code dead} again.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  public Redriven redrive(List<DeadJob> dead) {
    List<String> redriven = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    Map<String, StopOrder> cancelled = new LinkedHashMap<>();
    Map<Place, List<Posting>> places = new LinkedHashMap<>();
    for (DeadJob job : dead) {
      Optional<QueuedJob> queued = read(job);
      Optional<StopOrder> order = queued.flatMap(this::cancelling);
      if (order.isPresent()) {
        cancelled.put(job.id(), order.get());
        continue;
      }
      queued.ifPresent(
          found ->
              places
                  .computeIfAbsent(new Place(lane(job), found.batch()), place -> new ArrayList<>())
                  .add(new Posting(found.id().text(), job.letter().payload())));
      (queued.isPresent() ? redriven : refused).add(job.id());
    }
    places.forEach(this::publish);
    return new Redriven(redriven, refused, cancelled);
  }

  private Optional<StopOrder> cancelling(QueuedJob job) {
    return Stream.concat(
            Stream.of(new StopOrder(Scope.JOB, job.id().text())),
            job.batch().map(batch -> new StopOrder(Scope.BATCH, batch)).stream())
        .filter(standing::contains)
        .findFirst();
  }

  /** Where a group of jobs is published. */
  private record Place(Lane lane, Optional<String> batch) {}

  /** First the job, then its event: a kill in between leaves the letter in place. */
  private void publish(Place place, List<Posting> postings) {
    for (int i = 0; i < postings.size(); i += CHUNK) {
      List<Posting> some = postings.subList(i, Math.min(i + CHUNK, postings.size()));
      try (SubmitterEventWriter writer = new SubmitterEventWriter(events)) {
        publisher.publish(place.lane(), place.batch(), some);
        writer.say(
            some.stream()
                .map(job -> SubmitterEvents.queued(job.key(), place.batch(), clock.instant()))
                .toList());
      }
    }
  }

  private static Optional<QueuedJob> read(DeadJob job) {
    try {
      return Optional.of(QueuedJob.fromJson(job.letter().payload()));
    } catch (FarmException e) {
      return Optional.empty();
    }
  }

  /** The lane that the job came from; normal if its topic does not tell. */
  private static Lane lane(DeadJob job) {
    return QueueNames.laneOf(job.letter().source()).orElse(Lane.NORMAL);
  }
}
