package farm.darkroom.common.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LaneOrderTest {
  private final LaneOrder order = new LaneOrder();

  @Test
  void mostUrgentFirst() {
    assertThat(order.next()).containsExactly(Lane.HIGH, Lane.NORMAL, Lane.LOW);
  }

  @Test
  void lowGetsEveryEighthLeaseUnderNormalLoad() {
    List<Lane> leased = lease(EnumSet.of(Lane.NORMAL, Lane.LOW), 16);
    assertThat(leased.subList(0, 7)).containsOnly(Lane.NORMAL);
    assertThat(leased.get(7)).isEqualTo(Lane.LOW);
    assertThat(leased.get(15)).isEqualTo(Lane.LOW);
  }

  @Test
  void noLaneStarvesWhenAllAreFull() {
    List<Lane> leased = lease(EnumSet.allOf(Lane.class), 18);
    assertThat(leased).filteredOn(lane -> lane == Lane.HIGH).hasSize(14);
    assertThat(leased).filteredOn(lane -> lane == Lane.NORMAL).hasSize(2);
    assertThat(leased).filteredOn(lane -> lane == Lane.LOW).hasSize(2);
  }

  @Test
  void highGoesFirst() {
    lease(EnumSet.of(Lane.LOW), 100);
    assertThat(lease(EnumSet.allOf(Lane.class), 1)).containsExactly(Lane.HIGH);
  }

  private List<Lane> lease(Set<Lane> full, int count) {
    List<Lane> leased = new ArrayList<>();
    while (leased.size() < count) {
      for (Lane lane : order.next()) {
        if (full.contains(lane)) {
          order.leased(lane);
          leased.add(lane);
          break;
        }
        order.empty(lane);
      }
    }
    return leased;
  }
}
