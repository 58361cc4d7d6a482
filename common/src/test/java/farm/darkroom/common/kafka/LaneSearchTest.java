package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.queue.Lane;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneSearchTest {
  private static final QueueNames QUEUE = new QueueNames("q");
  private static final Track TRACK = new Track(QUEUE, Lane.NORMAL, 1);
  private static final long FIRST = 7;
  private static final long SECOND = 8;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final KafkaFailures failures = new KafkaFailures("nowhere:1", true);
  private final PollSignal pollSignal = new PollSignal();
  private final List<OfPartition> members = new ArrayList<>();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  /** The broker gives each slot some of a topic's partitions: a job may wait for any of them. */
  @Test
  void everyOpenSlotOfADividedTopicIsAsked() throws Exception {
    Lanes lanes = lanes();
    List<LeaseSlot> slots = List.of(holding(lanes), holding(lanes));
    for (LeaseSlot slot : slots) {
      OfPartition member = members.get(slots.indexOf(slot));
      assertThat(slot.settle(member.record(FIRST), AcknowledgeType.ACCEPT)).isTrue();
    }
    members.get(1).add(SECOND);
    assertThat(found(lanes))
        .map(LaneSearch.Found::record)
        .map(ConsumerRecord::offset)
        .contains(SECOND);
    lanes.close();
  }

  private Optional<LaneSearch.Found> found(Lanes lanes) {
    long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
    return new LaneSearch(lanes, pollSignal, failures).until(deadline, () -> {});
  }

  private Lanes lanes() {
    QueueDepths none = new QueueDepths(() -> Map::of, System::nanoTime);
    Lanes lanes = new Lanes(this::slots, none, topic -> 0, topic -> true);
    for (Lane lane : Lane.values()) {
      lanes.serve(new Track(QUEUE, lane, 1));
    }
    return lanes;
  }

  private TrackSlots slots(String topic) {
    return new TrackSlots(
        topic,
        freed -> new LeaseSlot(topic, this::member, failures, threads, pollSignal, freed),
        Duration.ofMillis(1));
  }

  private OfPartition member() {
    OfPartition member = new OfPartition(members.size());
    members.add(member);
    return member;
  }

  private LeaseSlot holding(Lanes lanes) throws InterruptedException {
    LeaseSlot slot = lanes.of(Lane.NORMAL).first().free();
    assertThat(slot.take(Duration.ZERO)).isEmpty();
    members.get(members.size() - 1).add(FIRST);
    assertThat(slot.take(Duration.ofSeconds(30))).isPresent();
    return slot;
  }

  /** Is given the jobs of one partition. */
  private static final class OfPartition extends CountedMember {
    private final int partition;
    private final Queue<Long> offsets = new ArrayDeque<>();
    private boolean woken;

    OfPartition(int partition) {
      this.partition = partition;
    }

    synchronized void add(long offset) {
      offsets.add(offset);
      notifyAll();
    }

    @Override
    public synchronized void wakeup() {
      woken = true;
      notifyAll();
    }

    ConsumerRecord<byte[], byte[]> record(long offset) {
      return new ConsumerRecord<>(TRACK.topic(), partition, offset, new byte[0], new byte[0]);
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration wait) {
      try {
        while (offsets.isEmpty() && !woken) {
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        woken = true;
      }
      if (woken) {
        throw new WakeupException();
      }
      TopicPartition from = new TopicPartition(TRACK.topic(), partition);
      return new ConsumerRecords<>(Map.of(from, List.of(record(offsets.remove()))), Map.of());
    }

    @Override
    public synchronized void acknowledge(
        ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
      // Noted.
    }

    @Override
    public synchronized Map<TopicIdPartition, Optional<KafkaException>> commitSync() {
      return Map.of(
          new TopicIdPartition(Uuid.ZERO_UUID, partition, TRACK.topic()), Optional.empty());
    }
  }
}
