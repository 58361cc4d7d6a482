package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.queue.Lane;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrackSlotsTest {
  private static final String TOPIC = "darkroom.q.normal";
  private static final ConsumerRecord<byte[], byte[]> JOB =
      new ConsumerRecord<>(TOPIC, 0, 7, new byte[0], new byte[0]);
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  /** The others who ask are answered meanwhile. */
  @Test
  void aSlotIsWaitedForUntilItsLeaseEnds() throws Exception {
    TrackSlots slots = new TrackSlots(TOPIC, this::slot, Duration.ofDays(1));
    LeaseSlot held = slots.free();
    assertThat(held.take(Duration.ofSeconds(30))).contains(JOB);
    FutureTask<LeaseSlot> free = new FutureTask<>(slots::free);
    Thread waiting = new Thread(free);
    waiting.start();
    Await.until(
        "it is waited for",
        Duration.ofSeconds(30),
        () -> waiting.getState() == Thread.State.TIMED_WAITING);
    assertThat(CompletableFuture.supplyAsync(slots::held, threads))
        .succeedsWithin(Duration.ofSeconds(30))
        .isEqualTo(1L);
    assertThat(held.settle(JOB, AcknowledgeType.ACCEPT)).isTrue();
    assertThat(free).succeedsWithin(Duration.ofSeconds(30)).isSameAs(held);
    assertThat(slots.slots()).containsExactly(held);
  }

  @Test
  void longEnoughWaitsOpenAnotherSlot() throws Exception {
    TrackSlots slots = new TrackSlots(TOPIC, this::slot, Duration.ofMillis(1));
    LeaseSlot held = slots.free();
    assertThat(held.take(Duration.ofSeconds(30))).contains(JOB);
    assertThat(slots.free()).isNotSameAs(held);
    assertThat(slots.slots()).hasSize(2);
  }

  /** A slot that is passed over holds partitions that nobody reads. */
  @Test
  void freeSlotsTakeTurns() throws Exception {
    TrackSlots slots = new TrackSlots(TOPIC, this::slot, Duration.ofMillis(1));
    Set<LeaseSlot> opened = Set.of(taking(slots), taking(slots), taking(slots));
    for (LeaseSlot slot : opened) {
      assertThat(slot.settle(JOB, AcknowledgeType.ACCEPT)).isTrue();
    }
    Set<LeaseSlot> asked = new HashSet<>();
    for (int turn = 0; turn < opened.size(); turn++) {
      LeaseSlot slot = taking(slots);
      assertThat(slot.settle(JOB, AcknowledgeType.ACCEPT)).isTrue();
      asked.add(slot);
    }
    assertThat(asked).isEqualTo(opened);
  }

  private static LeaseSlot taking(TrackSlots slots) throws InterruptedException {
    LeaseSlot slot = slots.free();
    assertThat(slot.take(Duration.ofSeconds(30))).contains(JOB);
    return slot;
  }

  /** Where a topic has more partitions, those that the broker gave it would be nobody's. */
  @Test
  void aSlotThatNobodyAsksLeavesAnIdleWorker() {
    QueueDepths none = new QueueDepths(() -> Map::of, System::nanoTime);
    Lanes lanes =
        new Lanes(topic -> new TrackSlots(topic, this::slot), none, topic -> 0, topic -> false);
    lanes.serve(new Track(new QueueNames("q"), Lane.NORMAL, 1));
    LeaseSlot slot = lanes.of(Lane.NORMAL).first().slots().get(0);
    assertThat(slot.take(Duration.ofSeconds(30))).contains(JOB);
    lanes.closeIdle();
    assertThat(slot.isOpen()).isTrue();
    assertThat(slot.settle(JOB, AcknowledgeType.ACCEPT)).isTrue();
    lanes.closeIdle();
    assertThat(slot.isOpen()).isFalse();
  }

  private LeaseSlot slot(Runnable freed) {
    KafkaFailures failures = new KafkaFailures("nowhere:1", true);
    return new LeaseSlot(TOPIC, OneJob::new, failures, threads, new PollSignal(), freed);
  }

  /** Is given a job whenever it asks, and may keep it. */
  private static final class OneJob extends CountedMember {
    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration wait) {
      return new ConsumerRecords<>(Map.of(new TopicPartition(TOPIC, 0), List.of(JOB)), Map.of());
    }

    @Override
    public synchronized void acknowledge(
        ConsumerRecord<byte[], byte[]> record, AcknowledgeType type) {
      // Noted.
    }

    @Override
    public synchronized Map<TopicIdPartition, Optional<KafkaException>> commitSync() {
      return Map.of(new TopicIdPartition(Uuid.ZERO_UUID, 0, TOPIC), Optional.empty());
    }
  }
}
