package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.Lane;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The lanes of one worker, their tracks, and which of them hold jobs. Not thread-safe. */
final class Lanes {
  private final Function<String, LaneSeats> seats;
  private final Depths depths;
  private final Map<Lane, LaneTracks> lanes = new EnumMap<>(Lane.class);
  private Optional<LaneSeats> introduced = Optional.empty();

  /**
   * @param seats makes those of a topic
   * @param depths of the topics that the group reads
   */
  Lanes(Function<String, LaneSeats> seats, Depths depths) {
    this.seats = seats;
    this.depths = depths;
  }

  /**
   * Adds those that are new.
   *
   * @param tracks in order, a lane's first one first
   */
  void add(List<Track> tracks) {
    for (Track track : tracks) {
      LaneTracks lane = lanes.computeIfAbsent(track.lane(), made -> new LaneTracks());
      if (!lane.has(track.topic())) {
        lane.add(seats.apply(track.topic()));
      }
    }
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
    Long jobs = depths.since(moment).get(track.topic());
    return jobs == null ? unknown : jobs > track.held();
  }

  /**
   * Chooses the track that a worker opens while it has nothing to do, although the group does not
   * read it: the broker reads it for the group from then on. One at a time, since each costs a
   * consumer; the one before is closed, unless a job comes there. First tracks are open anyway.
   *
   * @param moment as for {@link #hasJobs}
   */
  void introduce(long moment) {
    Map<String, Long> read = depths.since(moment);
    introduced
        .filter(track -> read.getOrDefault(track.topic(), 1L) == 0)
        .ifPresent(LaneSeats::closeFetching);
    introduced =
        lanes.values().stream()
            .flatMap(lane -> lane.inTurn().stream().filter(track -> track != lane.first()))
            .filter(track -> !read.containsKey(track.topic()))
            .min(Comparator.comparing(LaneSeats::topic));
  }

  boolean isIntroduced(LaneSeats track) {
    return introduced.filter(track::equals).isPresent();
  }

  void closeFetching() {
    lanes.values().forEach(LaneTracks::closeFetching);
  }

  void close() {
    lanes.values().forEach(LaneTracks::close);
  }
}
