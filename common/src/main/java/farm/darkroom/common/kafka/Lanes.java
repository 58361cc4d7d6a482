package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.Lane;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/** The lanes of one worker, their tracks, and which of them hold jobs. Not thread-safe. */
final class Lanes {
  private final Function<String, LaneSeats> seats;
  private final Supplier<Map<String, Long>> broker;
  private final Map<Lane, LaneTracks> lanes = new EnumMap<>(Lane.class);
  private Map<String, Long> depths = Map.of();
  private long readAt = System.nanoTime() - Long.MAX_VALUE / 2;

  /**
   * @param seats makes those of a topic
   * @param broker says how many jobs each topic holds that the group reads
   */
  Lanes(Function<String, LaneSeats> seats, Supplier<Map<String, Long>> broker) {
    this.seats = seats;
    this.broker = broker;
  }

  /** Tracks are added in order, a lane's first one first. */
  void add(Track track) {
    lanes.computeIfAbsent(track.lane(), lane -> new LaneTracks()).add(seats.apply(track.topic()));
  }

  LaneTracks of(Lane lane) {
    return lanes.get(lane);
  }

  boolean isFirst(Lane lane, LaneSeats track) {
    return track == of(lane).first();
  }

  /**
   * Whether the broker says that a track has a job that this worker does not hold.
   *
   * @param unknown the answer when the group does not read the track yet
   * @param moment what the broker said before does not count (of {@link System#nanoTime})
   */
  boolean hasJobs(LaneSeats track, boolean unknown, long moment) {
    Long jobs = depthsSince(moment).get(track.topic());
    return jobs == null ? unknown : jobs > track.held();
  }

  /**
   * What the broker said at or after {@code moment}; asks it if need be.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  Map<String, Long> depthsSince(long moment) {
    if (readAt - moment < 0) {
      long asked = System.nanoTime();
      depths = broker.get();
      readAt = asked;
    }
    return depths;
  }

  void closeFetching() {
    lanes.values().forEach(LaneTracks::closeFetching);
  }

  void close() {
    lanes.values().forEach(LaneTracks::close);
  }
}
