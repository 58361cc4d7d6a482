package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.Lane;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The lanes of one worker, and their tracks. Not thread-safe. */
final class Lanes {
  private final Function<String, LaneSeats> seats;
  private final Map<Lane, LaneTracks> lanes = new EnumMap<>(Lane.class);

  /**
   * @param seats makes those of a topic
   */
  Lanes(Function<String, LaneSeats> seats) {
    this.seats = seats;
  }

  /** Tracks are added in order, a lane's first one first. */
  void add(Track track) {
    lanes.computeIfAbsent(track.lane(), lane -> new LaneTracks()).add(seats.apply(track.topic()));
  }

  boolean has(Track track) {
    return lanes.containsKey(track.lane()) && lanes.get(track.lane()).has(track.topic());
  }

  LaneTracks of(Lane lane) {
    return lanes.get(lane);
  }

  boolean isFirst(Lane lane, LaneSeats track) {
    return track == of(lane).first();
  }

  List<Runnable> closeFetching() {
    return lanes.values().stream().flatMap(lane -> lane.closeFetching().stream()).toList();
  }

  List<Runnable> closeFree() {
    return lanes.values().stream().flatMap(lane -> lane.closeFree().stream()).toList();
  }

  void close() {
    lanes.values().forEach(LaneTracks::close);
  }
}
