package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The seats of one worker on one lane: as many as it holds leases at a time. Thread-safe.
 *
 * <p>A new seat joins the share group, which takes half a second to five. So where a lease is about
 * to end, as when its job is being acknowledged, it is cheaper to wait for its seat; where that
 * goes on and on, a further seat is cheaper. So that neither is overpaid, another is opened when
 * the waits for this lane's seats come to {@link #WORTH_A_SEAT} together.
 */
final class LaneSeats {
  private static final Duration WORTH_A_SEAT = Duration.ofMillis(500);

  private final String topic;
  private final Function<Runnable, Seat> another;
  private final Duration worthASeat;
  private final List<Seat> seats = new ArrayList<>();
  private long waitedNanos;

  /**
   * @param another makes one, which calls what it is given whenever it holds nothing any more
   */
  LaneSeats(String topic, Function<Runnable, Seat> another) {
    this(topic, another, WORTH_A_SEAT);
  }

  LaneSeats(String topic, Function<Runnable, Seat> another, Duration worthASeat) {
    this.topic = topic;
    this.another = another;
    this.worthASeat = worthASeat;
    seats.add(another.apply(this::freed));
  }

  String topic() {
    return topic;
  }

  /** A seat that holds nothing, the one with a fetch open before others. */
  synchronized Seat free() throws InterruptedException {
    Seat free = idle();
    while (free == null && waitedNanos < worthASeat.toNanos()) {
      long begun = System.nanoTime();
      TimeUnit.NANOSECONDS.timedWait(this, worthASeat.toNanos() - waitedNanos);
      waitedNanos += System.nanoTime() - begun;
      free = idle();
    }
    if (free == null) {
      waitedNanos = 0;
      free = another.apply(this::freed);
      seats.add(free);
    }
    return free;
  }

  private synchronized void freed() {
    notifyAll();
  }

  private Seat idle() {
    Seat idle = null;
    for (Seat seat : seats) {
      if (!seat.isHolding() && (idle == null || seat.isFetching() || !idle.isOpen())) {
        idle = seat;
      }
    }
    return idle;
  }

  synchronized long held() {
    return seats.stream().filter(Seat::isHolding).count();
  }

  synchronized boolean hasArrived() {
    return seats.stream().anyMatch(Seat::hasArrived);
  }

  synchronized List<Seat> seats() {
    return List.copyOf(seats);
  }
}
