package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The slots of one worker on one track: as many as it holds leases of it at a time. Thread-safe.
 *
 * <p>A new slot joins the share group, which takes half a second to five. So where a lease is about
 * to end, as when its job is being acknowledged, it is cheaper to wait for its slot; where that
 * goes on and on, a further slot is cheaper. So that neither is overpaid, another is opened when
 * the waits for this track's slots come to {@link #WORTH_A_SLOT} together.
 */
final class TrackSlots {
  private static final Duration WORTH_A_SLOT = Duration.ofMillis(500);

  private final String topic;
  private final Function<Runnable, LeaseSlot> another;
  private final Duration worthASlot;

  /** In the order of their last turns. */
  private final List<LeaseSlot> slots = new ArrayList<>();

  private long waitedNanos;

  /**
   * @param another makes one, which calls what it is given whenever it holds nothing any more
   */
  TrackSlots(String topic, Function<Runnable, LeaseSlot> another) {
    this(topic, another, WORTH_A_SLOT);
  }

  TrackSlots(String topic, Function<Runnable, LeaseSlot> another, Duration worthASlot) {
    this.topic = topic;
    this.another = another;
    this.worthASlot = worthASlot;
    slots.add(another.apply(this::freed));
  }

  String topic() {
    return topic;
  }

  /**
   * A free slot, preferably one with a job that has arrived, or else with an open fetch. Others
   * take turns: of a topic with several partitions, the broker gives each slot some of its own.
   */
  synchronized LeaseSlot free() throws InterruptedException {
    LeaseSlot free = idle();
    while (free == null && waitedNanos < worthASlot.toNanos()) {
      long begun = System.nanoTime();
      TimeUnit.NANOSECONDS.timedWait(this, worthASlot.toNanos() - waitedNanos);
      waitedNanos += System.nanoTime() - begun;
      free = idle();
    }
    if (free == null) {
      waitedNanos = 0;
      free = another.apply(this::freed);
    }
    slots.remove(free);
    slots.add(free);
    return free;
  }

  /** Returns {@link #free} and, behind it, the other free slots that are open. */
  synchronized List<LeaseSlot> allFree() throws InterruptedException {
    LeaseSlot first = free();
    List<LeaseSlot> free = new ArrayList<>(List.of(first));
    slots.stream()
        .filter(slot -> slot != first && slot.isOpen() && !slot.isHolding())
        .forEach(free::add);
    return free;
  }

  private synchronized void freed() {
    notifyAll();
  }

  private LeaseSlot idle() {
    LeaseSlot idle = null;
    for (LeaseSlot slot : slots) {
      if (!slot.isHolding() && (idle == null || rank(slot) < rank(idle))) {
        idle = slot;
      }
    }
    return idle;
  }

  private static int rank(LeaseSlot slot) {
    if (slot.hasArrived()) {
      return 0;
    }
    if (slot.isFetching()) {
      return 1;
    }
    return slot.isOpen() ? 2 : 3;
  }

  synchronized long held() {
    return slots.stream().filter(LeaseSlot::isHolding).count();
  }

  synchronized boolean hasArrived() {
    return slots.stream().anyMatch(LeaseSlot::hasArrived);
  }

  synchronized List<LeaseSlot> slots() {
    return List.copyOf(slots);
  }
}
