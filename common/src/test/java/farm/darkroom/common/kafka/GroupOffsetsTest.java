package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** By what a broker answers in each case. */
class GroupOffsetsTest {
  private static final TopicPartition TRACK = new TopicPartition("darkroom.q.normal", 0);

  @Test
  void partitionWithoutOffsetIsUntouched() {
    assertThat(GroupOffsets.untouched(noOffset(), Set.of())).containsExactly(TRACK);
  }

  @Test
  void partitionWithOffsetIsNotUntouched() {
    SharePartitionOffsetInfo offset =
        new SharePartitionOffsetInfo(7, Optional.empty(), Optional.of(3L));
    assertThat(GroupOffsets.untouched(Map.of(TRACK, offset), Set.of())).isEmpty();
  }

  @Test
  void anOffsetThatCannotBeReadIsNotTakenForNone() {
    assertThat(GroupOffsets.untouched(noOffset(), Set.of(TRACK))).isEmpty();
  }

  @Test
  void aPartitionWhoseEndCannotBeReadIsNotTakenForUntouched() {
    assertThat(GroupOffsets.untouched(Map.of(), Set.of())).isEmpty();
  }

  private static Map<TopicPartition, SharePartitionOffsetInfo> noOffset() {
    Map<TopicPartition, SharePartitionOffsetInfo> none = new HashMap<>();
    none.put(TRACK, null);
    return none;
  }
}
