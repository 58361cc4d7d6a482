package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.Lane;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The lanes of one worker, their tracks, and which of them hold jobs. Not thread-safe. */
final class Lanes {
  private static final long LIST_NANOS = Duration.ofSeconds(5).toNanos();

  private final Function<String, LaneSeats> seats;
  private final Supplier<Map<String, Long>> broker;
  private final Supplier<List<Track>> tracks;
  private final Map<Lane, LaneTracks> lanes = new EnumMap<>(Lane.class);
  private Map<String, Long> depths = Map.of();
  private long listedAt = System.nanoTime();
  private long introducedAt = System.nanoTime();
  private Optional<LaneSeats> introduced = Optional.empty();
  private long readAt = System.nanoTime() - Long.MAX_VALUE / 2;

  /**
   * @param seats makes those of a topic
   * @param broker says how many jobs each topic holds that the group reads
   * @param tracks those that there are
   */
  Lanes(
      Function<String, LaneSeats> seats,
      Supplier<Map<String, Long>> broker,
      Supplier<List<Track>> tracks) {
    this.seats = seats;
    this.broker = broker;
    this.tracks = tracks;
  }

  /** Tracks are added in order, a lane's first one first. */
  void add(Track track) {
    lanes.computeIfAbsent(track.lane(), lane -> new LaneTracks()).add(seats.apply(track.topic()));
  }

  /**
   * Now and then adds the tracks that somebody made meanwhile: another worker may have let the
   * group read them.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void addNewTracks() {
    if (System.nanoTime() - listedAt >= LIST_NANOS) {
      listedAt = System.nanoTime();
      tracks.get().stream()
          .filter(track -> !of(track.lane()).has(track.topic()))
          .forEach(this::add);
    }
  }

  /**
   * The same, and now and then lets the group read one of them.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void introduceTracks() {
    addNewTracks();
    if (System.nanoTime() - introducedAt >= LIST_NANOS) {
      introducedAt = System.nanoTime();
      introduceOne();
    }
  }

  /**
   * Opens a track that the group does not read, until the broker reads it for the group because of
   * that. One at a time: each costs a consumer. The one before is closed, unless a job comes there.
   */
  private void introduceOne() {
    Map<String, Long> read = depthsSince(System.nanoTime());
    introduced
        .filter(track -> read.getOrDefault(track.topic(), 1L) == 0)
        .ifPresent(LaneSeats::closeFetching);
    introduced = introduced.filter(track -> !isRead(track, read)).or(() -> firstUnread(read));
    introduced.ifPresent(LaneSeats::open);
  }

  /** A group that reads no first track either begins with those. */
  private Optional<LaneSeats> firstUnread(Map<String, Long> read) {
    return lanes.values().stream()
        .filter(lane -> isRead(lane.first(), read))
        .flatMap(lane -> lane.inTurn().stream())
        .filter(track -> !isRead(track, read))
        .findFirst();
  }

  private static boolean isRead(LaneSeats track, Map<String, Long> read) {
    return read.containsKey(track.topic());
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
