package farm.darkroom.common.queue;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * In which order a worker asks the lanes: the most urgent first, but after {@value #PATIENCE}
 * leases in a row that passed a lane over, that lane is asked before the others once. So a flood of
 * urgent jobs leaves a less urgent lane at least one lease in {@code PATIENCE + 1} of each worker,
 * and a high job waits for nothing as long as the less urgent lanes are not kept waiting. Not
 * thread-safe.
 */
public final class LaneOrder {
  /** How many leases in a row may pass a lane over. */
  public static final int PATIENCE = 7;

  private final Map<Lane, Integer> passedOver = new EnumMap<>(Lane.class);

  /** The lanes, the one to ask first at the front. */
  public List<Lane> next() {
    List<Lane> order = new ArrayList<>();
    for (Lane lane : Lane.values()) {
      if (passedOver.getOrDefault(lane, 0) >= PATIENCE) {
        order.add(lane);
      }
    }
    for (Lane lane : Lane.values()) {
      if (!order.contains(lane)) {
        order.add(lane);
      }
    }
    return List.copyOf(order);
  }

  /** Notes that {@code lane} was asked and had no job. */
  public void empty(Lane lane) {
    passedOver.remove(lane);
  }

  /** Notes that {@code lane} gave a lease. */
  public void leased(Lane lane) {
    passedOver.remove(lane);
    for (Lane other : Lane.values()) {
      if (other.compareTo(lane) > 0) {
        passedOver.merge(other, 1, Integer::sum);
      }
    }
  }
}
