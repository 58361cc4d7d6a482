package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.queue.Lane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final int LANES = Lane.values().length;
  private final CountDownLatch closing = new CountDownLatch(LANES);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Silent> consumers = new ArrayList<>();

  /** Where no broker answers, each takes its time, and a worker has many. */
  @Test
  void allSlotsLeaveAtTheSameTime() throws InterruptedException {
    Lanes lanes =
        new Lanes(
            this::slots,
            new QueueDepths(() -> Map::of, System::nanoTime),
            topic -> 0,
            topic -> false);
    for (Lane lane : Lane.values()) {
      lanes.serve(new Track(new QueueNames("q"), lane, 1));
      assertThat(lanes.of(lane).first().free().take(Duration.ZERO)).isEmpty();
    }
    lanes.close();
    assertThat(consumers)
        .hasSize(LANES)
        .allSatisfy(
            consumer ->
                assertThat(consumer.together)
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo(true));
    threads.shutdown();
  }

  private TrackSlots slots(String topic) {
    KafkaFailures failures = new KafkaFailures("nowhere:1", true);
    return new TrackSlots(
        topic,
        freed -> new LeaseSlot(topic, this::consumer, failures, threads, new PollSignal(), freed));
  }

  private Silent consumer() {
    Silent consumer = new Silent();
    consumers.add(consumer);
    return consumer;
  }

  /** Hears nothing, and closes when all others do. */
  private final class Silent extends CountedMember {
    private final CountDownLatch woken = new CountDownLatch(1);
    private final CompletableFuture<Boolean> together = new CompletableFuture<>();

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration wait) {
      try {
        woken.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new WakeupException();
    }

    @Override
    public void wakeup() {
      woken.countDown();
    }

    @Override
    public void close(Duration wait) {
      closing.countDown();
      try {
        together.complete(closing.await(3, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
