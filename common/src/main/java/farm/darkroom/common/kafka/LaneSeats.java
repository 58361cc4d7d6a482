package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

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
  private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

  private final String topic;
  private final Supplier<Seat> another;
  private final List<Seat> seats = new ArrayList<>();
  private long waitedNanos;

  LaneSeats(String topic, Supplier<Seat> another) {
    this.topic = topic;
    this.another = another;
    seats.add(another.get());
  }

  String topic() {
    return topic;
  }

  /** A seat that holds nothing, the one with a fetch open before others. */
  synchronized Seat free() {
    Seat free = idle();
    while (free == null && waitedNanos < WORTH_A_SEAT.toNanos()) {
      long begun = System.nanoTime();
      LockSupport.parkNanos(LOOK_NANOS);
      waitedNanos += System.nanoTime() - begun;
      free = idle();
    }
    if (free == null) {
      waitedNanos = 0;
      free = another.get();
      seats.add(free);
    }
    return free;
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
