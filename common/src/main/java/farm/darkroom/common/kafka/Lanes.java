package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.Lane;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The lanes of one worker, their tracks, and which of them hold jobs. Not thread-safe. */
final class Lanes {
  /** A pause while an answer is on its way. */
  private static final Duration QUICK = Duration.ofMillis(20);

  /** From the count of an answer to what it brought, for two threads of a busy machine. */
  private static final Duration MOMENT = Duration.ofMillis(50);

  private static final Duration JOIN = Duration.ofSeconds(10);

  private final Function<String, TrackSlots> slots;
  private final QueueDepths depths;
  private final ToLongFunction<String> unread;
  private final Predicate<String> divided;
  private final Set<Track> served = new HashSet<>();
  private final Map<Lane, LaneTracks> lanes = new EnumMap<>(Lane.class);

  /**
   * @param slots makes those of a topic
   * @param depths of the topics of which the group has an offset
   * @param unread how many jobs another topic holds
   * @param divided whether a topic has several partitions
   */
  Lanes(
      Function<String, TrackSlots> slots,
      QueueDepths depths,
      ToLongFunction<String> unread,
      Predicate<String> divided) {
    this.slots = slots;
    this.depths = depths;
    this.unread = unread;
    this.divided = divided;
  }

  /** Serves a track, if it does not yet; a lane's first one is added first. */
  void serve(Track track) {
    if (served.add(track)) {
      lanes.computeIfAbsent(track.lane(), lane -> new LaneTracks()).add(slots.apply(track.topic()));
    }
  }

  /** Whether a lane has more than its first track, so that a busy worker needs the depths. */
  boolean areShared() {
    return lanes.values().stream().anyMatch(LaneTracks::areMany);
  }

  LaneTracks of(Lane lane) {
    return lanes.get(lane);
  }

  boolean isFirst(Lane lane, TrackSlots track) {
    return track == of(lane).first();
  }

  /** Whether the broker may have given each slot of a track partitions of its own. */
  boolean isDivided(TrackSlots track) {
    return divided.test(track.topic());
  }

  /**
   * Whether the broker says that a track has a job that this worker does not hold.
   *
   * @param unknown the answer when the group has no offset of the track, and nothing is known of it
   *     otherwise
   * @param moment what the broker said before does not count (of {@link System#nanoTime})
   */
  boolean hasJobs(TrackSlots track, boolean unknown, long moment) {
    Long jobs = depths.since(moment).get(track.topic());
    return jobs == null
        ? unknown || unread.applyAsLong(track.topic()) > track.held()
        : jobs > track.held();
  }

  /**
   * Asks until the broker has said whether this track has a job for this worker. An answer is
   * counted a moment before what it brought can be taken. A fetch that was answered before is open
   * again: what was published just now is on its way.
   *
   * @param skipArriving jobs are so short that one on its way is not waited for
   */
  Optional<ConsumerRecord<byte[], byte[]>> ask(
      TrackSlots track, LeaseSlot slot, boolean skipArriving) {
    long deadline = System.nanoTime() + JOIN.toNanos();
    boolean quiet = slot.isOpen() && !slot.isFetching();
    boolean answered = slot.isAnswered();
    Optional<ConsumerRecord<byte[], byte[]>> record = slot.take(quiet ? QUICK : Duration.ZERO);
    if (record.isEmpty() && answered && !skipArriving && hasJobs(track, true, System.nanoTime())) {
      record = slot.take(MOMENT);
    }
    while (record.isEmpty()
        && !answered
        && System.nanoTime() < deadline
        && hasJobs(track, true, System.nanoTime())) {
      answered = slot.isAnswered();
      record = slot.take(answered ? MOMENT : QUICK);
    }
    return record;
  }

  /**
   * Waits until a track that was asked has a job, or it is time to look around.
   *
   * @return whether one has
   */
  boolean awaitArrival(PollSignal pollSignal, long deadline) throws InterruptedException {
    long pauseEnd = System.nanoTime() + QUICK.toNanos();
    return pollSignal.await(this::hasArrived, pauseEnd - deadline < 0 ? pauseEnd : deadline);
  }

  private boolean hasArrived() {
    return lanes.values().stream().anyMatch(LaneTracks::hasArrived);
  }

  /** Closes the slots to which the broker might give a job that nobody here waits for. */
  void closeFetching() {
    close(LeaseSlot::isFetching);
  }

  /**
   * Closes the slots that are open and are not asked. Where somebody gave a topic more partitions,
   * those that the broker assigned to them would be nobody's.
   */
  void closeIdle() {
    close(slot -> slot.isOpen() && !slot.isFetching() && !slot.isHolding());
  }

  void close() {
    close(slot -> true);
  }

  /** Closes all slots in parallel: without a broker, each takes long. */
  private void close(Predicate<LeaseSlot> which) {
    List<Runnable> leaving =
        lanes.values().stream()
            .flatMap(LaneTracks::slots)
            .filter(which)
            .map(LeaseSlot::leave)
            .toList();
    leaving.forEach(Runnable::run);
  }
}
