package farm.darkroom.common.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The seats of one worker on one lane: one, and one more for each further lease held at a time. */
final class LaneSeats {
  private final String topic;
  private final Supplier<Seat> another;
  private final List<Seat> seats = new ArrayList<>();

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
    Seat free = null;
    for (Seat seat : seats) {
      if (!seat.isHolding() && (free == null || seat.isFetching() || !free.isOpen())) {
        free = seat;
      }
    }
    if (free == null) {
      free = another.get();
      seats.add(free);
    }
    return free;
  }

  synchronized long held() {
    return seats.stream().filter(Seat::isHolding).count();
  }

  /** Closes the seats to which the broker might give a job that nobody here waits for. */
  synchronized void closeFetching() {
    seats.stream().filter(Seat::isFetching).forEach(Seat::close);
  }

  synchronized void close() {
    seats.forEach(Seat::close);
  }
}
