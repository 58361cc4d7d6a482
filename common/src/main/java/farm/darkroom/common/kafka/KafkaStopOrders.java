package farm.darkroom.common.kafka;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code darkroom.control}, compacted: a standing order is a record whose value says when it was
 * given, one taken back a tombstone. A thread follows the topic; where the broker refuses to be
 * read, it starts over until it is read again. Thread-safe.
 */
public final class KafkaStopOrders implements StopOrders {
  private static final Logger log = LoggerFactory.getLogger(KafkaStopOrders.class);
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final Backoff REST = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(15));

  private final Set<StopOrder> standing = ConcurrentHashMap.newKeySet();
  private final Set<StopOrder> view = Collections.unmodifiableSet(standing);
  private final StrayRecords strays;
  private final Clock clock;
  private final KafkaClients clients;
  private final LogWriter writer;
  private final Thread follower;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<String> receiveProblem = Optional.empty();

  /**
   * Reads all orders in force, then follows the topic in a thread of its own.
   *
   * @throws FarmException QUEUE_UNAVAILABLE when they cannot be read within the settings' patience
   */
  public KafkaStopOrders(KafkaSettings settings, Clock clock) {
    this.clock = clock;
    this.strays = new StrayRecords("stop order", clock);
    this.clients = new KafkaClients(settings);
    this.writer = LogWriter.ofLogs(clients);
    TopicReader reader = readOrClose();
    this.follower = new Thread(() -> follow(reader), "darkroom-orders");
    follower.setDaemon(true);
    follower.start();
  }

  @Override
  public void stop(StopOrder order) {
    String value = "{\"at\":\"" + clock.instant() + "\"}";
    write(order, value.getBytes(StandardCharsets.UTF_8));
    standing.add(order);
  }

  @Override
  public void resume(StopOrder order) {
    write(order, null);
    standing.remove(order);
  }

  @Override
  public Set<StopOrder> standing() {
    return view;
  }

  @Override
  public Optional<String> receiveProblem() {
    return receiveProblem;
  }

  @Override
  public void close() {
    closed.countDown();
    writer.abandon();
    try {
      follower.join(WAIT.multipliedBy(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(StopOrder order, byte[] value) {
    writer.write(QueueNames.CONTROL, List.of(new LogWriter.Line(order.key(), value)));
  }

  /** Reads the orders in force and returns the reader, positioned behind them. */
  private TopicReader readAll() {
    TopicReader reader = new TopicReader(clients, QueueNames.CONTROL);
    Set<StopOrder> found = new HashSet<>();
    try {
      reader.fromStart().readToEnd(record -> apply(record, found));
    } catch (RuntimeException e) {
      reader.close();
      throw e;
    }
    standing.retainAll(found);
    standing.addAll(found);
    return reader;
  }

  private TopicReader readOrClose() {
    try {
      return readAll();
    } catch (RuntimeException e) {
      writer.close();
      throw e;
    }
  }

  private void follow(TopicReader first) {
    Supplier<TopicReader> reader = () -> first;
    int failures = 1;
    do {
      try {
        follow(reader);
      } catch (RuntimeException | Error e) {
        failures = receiveProblem.isPresent() ? failures + 1 : 1;
        receiveProblem = Optional.of("stop orders are not heard: " + e.getMessage());
        log.error("{}; trying again", receiveProblem.get(), e instanceof FarmException ? null : e);
      }
      reader = this::readAll;
    } while (!isClosedWithin(REST.after(failures)));
  }

  private void follow(Supplier<TopicReader> start) {
    try (TopicReader reader = start.get()) {
      while (!isClosedWithin(Duration.ZERO)) {
        reader.poll(WAIT, record -> apply(record, standing));
        receiveProblem = Optional.empty();
      }
    }
  }

  private boolean isClosedWithin(Duration wait) {
    try {
      return closed.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void apply(ConsumerRecord<byte[], byte[]> record, Set<StopOrder> standing) {
    RecordKey.of(record)
        .flatMap(StopOrder::ofKey)
        .ifPresentOrElse(
            order -> apply(order, record.value() != null, standing),
            () -> strays.pass(record, "its key names none"));
  }

  private static void apply(StopOrder order, boolean stands, Set<StopOrder> standing) {
    if (stands) {
      standing.add(order);
    } else {
      standing.remove(order);
    }
  }
}
