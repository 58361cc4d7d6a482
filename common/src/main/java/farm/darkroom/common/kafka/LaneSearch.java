package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.LaneOrder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Searches one worker's lanes for a job, in the order of {@link LaneOrder} and round-robin over the
 * tracks of a lane. Not thread-safe.
 */
final class LaneSearch {
  private static final long IDLE_LOOK_NANOS = Duration.ofMillis(500).toNanos();

  /** A worker that found nothing for so long can join again when there is much to do. */
  private static final long IDLE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Lanes lanes;
  private final PollSignal pollSignal;
  private final KafkaFailures failures;
  private final LaneOrder order = new LaneOrder();
  private long foundAt = System.nanoTime();

  LaneSearch(Lanes lanes, PollSignal pollSignal, KafkaFailures failures) {
    this.lanes = lanes;
    this.pollSignal = pollSignal;
    this.failures = failures;
  }

  /** A record, and the slot that holds it. */
  record Found(Lane lane, LeaseSlot slot, ConsumerRecord<byte[], byte[]> record) {}

  /**
   * How thoroughly to search, which depends on how short the jobs are.
   *
   * @param askFirstTracks whether a lane's first track is asked even where the broker says that it
   *     is empty
   * @param skipArriving whether a job that is on its way from the broker is not waited for
   * @param answersSince depths that the broker gave before this moment (of {@link System#nanoTime})
   *     do not count
   */
  record Mode(boolean askFirstTracks, boolean skipArriving, long answersSince) {}

  /**
   * Asks every lane once. A track that is empty and has no open slot is skipped, but for a lane's
   * first one where the mode says so.
   */
  Optional<Found> once(Mode mode) {
    return round(
        mode.askFirstTracks(),
        mode.answersSince(),
        track -> List.of(free(track)),
        (track, slot) -> lanes.ask(track, slot, mode.skipArriving()));
  }

  /**
   * Waits on an idle queue while all lanes fetch, and takes the first job that arrives.
   *
   * @param deadline of {@link System#nanoTime}
   * @param lookAround done now and then
   */
  Optional<Found> until(long deadline, Runnable lookAround) {
    boolean more = System.nanoTime() < deadline;
    while (more) {
      Optional<Found> found =
          round(
              true,
              System.nanoTime() - IDLE_LOOK_NANOS,
              this::awaited,
              (track, slot) -> slot.take(Duration.ZERO));
      if (found.isPresent()) {
        return found;
      }
      boolean arrived =
          failures.await("wait for a job", () -> lanes.awaitArrival(pollSignal, deadline));
      more = arrived || System.nanoTime() < deadline;
      lookAround.run();
    }
    if (System.nanoTime() - foundAt > IDLE_NANOS) {
      lanes.closeIdle();
    }
    return Optional.empty();
  }

  /** Asks a slot of a track for a record. */
  @FunctionalInterface
  private interface Question {
    Optional<ConsumerRecord<byte[], byte[]>> ask(TrackSlots track, LeaseSlot slot);
  }

  /**
   * Asks the lanes in order until one has a job.
   *
   * @param askFirstTracks as in {@link Mode}
   * @param answersSince as in {@link Mode}
   * @param asked the slots of a track that are asked
   */
  private Optional<Found> round(
      boolean askFirstTracks,
      long answersSince,
      Function<TrackSlots, List<LeaseSlot>> asked,
      Question question) {
    for (Lane lane : order.next()) {
      for (TrackSlots track : lanes.of(lane).inTurn()) {
        boolean first = lanes.isFirst(lane, track);
        for (LeaseSlot slot : asked.apply(track)) {
          if (slot.isOpen()
              || (first && askFirstTracks)
              || lanes.hasJobs(track, first, answersSince)) {
            Optional<ConsumerRecord<byte[], byte[]>> record = question.ask(track, slot);
            if (record.isPresent()) {
              return Optional.of(found(lane, track, slot, record.get()));
            }
          }
        }
      }
      order.empty(lane);
    }
    return Optional.empty();
  }

  private Found found(
      Lane lane, TrackSlots track, LeaseSlot slot, ConsumerRecord<byte[], byte[]> record) {
    foundAt = System.nanoTime();
    order.leased(lane);
    lanes.of(lane).served(track);
    return new Found(lane, slot, record);
  }

  /** One slot of a track, and all that are open where each may have partitions of its own. */
  private List<LeaseSlot> awaited(TrackSlots track) {
    return lanes.isDivided(track)
        ? failures.await("wait for a lease to end", track::allFree)
        : List.of(free(track));
  }

  private LeaseSlot free(TrackSlots track) {
    return failures.await("wait for a lease to end", track::free);
  }
}
