package farm.darkroom.common.kafka;

import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Gives a share group its first offsets, so that its first worker gets a job within some 100 ms
 * instead of the 3 to 6 seconds that the broker takes to do the same on its own, and so that the
 * queue's depth is known before any worker came.
 */
record ShareGroupStart(Admin admin, KafkaFailures failures, GroupOffsets group) {
  private static final Logger log = LoggerFactory.getLogger(ShareGroupStart.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_TOPICS = Duration.ofMillis(20);
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /**
   * Sets what has no offset yet. A group that has workers already gets one with the first job that
   * they end. An offset that is there and could not be read must not be set: every job that was
   * ever published there would come again. So a topic that was there before is looked at twice.
   *
   * @param created the topics that were created just now
   */
  void set(QueueNames names, Set<String> lanes, Collection<String> created) {
    Map<TopicPartition, Long> fresh = new HashMap<>();
    first(lanes).forEach((partition, first) -> fresh.put(partition, first.offset()));
    Set<TopicPartition> old = new HashSet<>(fresh.keySet());
    old.removeIf(partition -> created.contains(partition.topic()));
    Set<TopicPartition> untouched = untouched(names, old);
    fresh.keySet().removeIf(partition -> old.contains(partition) && !untouched.contains(partition));
    if (fresh.isEmpty()) {
      return;
    }
    try {
      set(names.group(), fresh);
    } catch (ExecutionException e) {
      boolean served = e.getCause() instanceof GroupNotEmptyException;
      log.atLevel(served ? Level.DEBUG : Level.INFO)
          .log(
              "share group {} gets its first offsets from its workers: {}",
              names.group(),
              e.getMessage());
    } catch (InterruptedException e) {
      throw failures.failure("set the first offsets of share group " + names.group(), e);
    }
  }

  /** Topics that were just created are known here a moment later than where they were made. */
  private Map<TopicPartition, ListOffsetsResultInfo> first(Set<String> lanes) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return new TopicOffsets(admin, failures).read(lanes, OffsetSpec.earliest());
      } catch (FarmException e) {
        boolean early = e.getCause() instanceof UnknownTopicOrPartitionException;
        if (!early || System.nanoTime() > deadline) {
          throw e;
        }
        pause(BETWEEN_TOPICS);
      }
    }
  }

  private void pause(Duration wait) {
    try {
      TimeUnit.NANOSECONDS.sleep(wait.toNanos());
    } catch (InterruptedException e) {
      throw failures.failure("wait for new topics", e);
    }
  }

  /** The group's coordinator may hear of a new topic a moment later than everyone else. */
  private void set(String group, Map<TopicPartition, Long> offsets)
      throws ExecutionException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        admin.alterShareGroupOffsets(group, offsets).all().get();
        return;
      } catch (ExecutionException e) {
        boolean early = e.getCause() instanceof UnknownTopicOrPartitionException;
        if (!early || System.nanoTime() > deadline) {
          throw e;
        }
        pause(BETWEEN_TOPICS);
      }
    }
  }

  private Set<TopicPartition> untouched(QueueNames names, Set<TopicPartition> of) {
    String what = "read the offsets of share group " + names.group();
    Set<TopicPartition> once = group.untouched(what, names.group(), of);
    if (once.isEmpty()) {
      return once;
    }
    pause(BETWEEN_LOOKS);
    return group.untouched(what, names.group(), once);
  }
}
