package farm.darkroom.common.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tracks of one lane, asked in turn: the one after that which gave the last job comes first, so
 * that tracks that hold jobs give one each. Not thread-safe.
 */
final class LaneTracks {
  private final List<LaneSeats> tracks = new ArrayList<>();
  private int turn;

  void add(LaneSeats track) {
    tracks.add(track);
  }

  /** The track where jobs go while the lane is empty. */
  LaneSeats first() {
    return tracks.get(0);
  }

  boolean areMany() {
    return tracks.size() > 1;
  }

  /** All of them, the one whose turn it is first. */
  List<LaneSeats> inTurn() {
    List<LaneSeats> order = new ArrayList<>(tracks.subList(turn, tracks.size()));
    order.addAll(tracks.subList(0, turn));
    return order;
  }

  /** Notes that {@code track} gave a job. */
  void served(LaneSeats track) {
    turn = (tracks.indexOf(track) + 1) % tracks.size();
  }

  boolean hasArrived() {
    return tracks.stream().anyMatch(LaneSeats::hasArrived);
  }

  Stream<Seat> seats() {
    return tracks.stream().flatMap(track -> track.seats().stream());
  }
}
