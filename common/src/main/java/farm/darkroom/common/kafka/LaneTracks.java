package farm.darkroom.common.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The tracks of one lane in round-robin order, starting after the one that gave the last job, so
 * that all tracks with jobs are served equally. Not thread-safe.
 */
final class LaneTracks {
  private final List<TrackSlots> tracks = new ArrayList<>();
  private int turn;

  void add(TrackSlots track) {
    tracks.add(track);
  }

  /** The track where jobs go while the lane is empty. */
  TrackSlots first() {
    return tracks.get(0);
  }

  boolean areMany() {
    return tracks.size() > 1;
  }

  /** All tracks, starting with the one whose turn it is. */
  List<TrackSlots> inTurn() {
    List<TrackSlots> order = new ArrayList<>(tracks.subList(turn, tracks.size()));
    order.addAll(tracks.subList(0, turn));
    return order;
  }

  /** Notes that {@code track} gave a job. */
  void served(TrackSlots track) {
    turn = (tracks.indexOf(track) + 1) % tracks.size();
  }

  boolean hasArrived() {
    return tracks.stream().anyMatch(TrackSlots::hasArrived);
  }

  Stream<LeaseSlot> slots() {
    return tracks.stream().flatMap(track -> track.slots().stream());
  }
}
