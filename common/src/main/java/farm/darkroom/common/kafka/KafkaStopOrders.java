package farm.darkroom.common.kafka;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrders;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code darkroom.control}, compacted: a standing order is a record whose value says when it was
 * given, one taken back a tombstone. A thread follows the topic. Thread-safe.
 */
public final class KafkaStopOrders implements StopOrders {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaStopOrders.class);
  private static final Duration WAIT = Duration.ofMillis(200);

  private final Set<StopOrder> standing = ConcurrentHashMap.newKeySet();
  private final Set<StopOrder> view = Collections.unmodifiableSet(standing);
  private final Clock clock;
  private final LogWriter writer;
  private final TopicReader reader;
  private final Thread follower;
  private volatile boolean closed;

  /**
   * Reads the orders that stand, and follows the topic from then on.
   *
   * @throws FarmException QUEUE_UNAVAILABLE when they cannot be read within the settings' patience
   */
  public KafkaStopOrders(KafkaSettings settings, Clock clock) {
    this.clock = clock;
    KafkaClients clients = new KafkaClients(settings);
    this.reader = new TopicReader(clients, QueueNames.CONTROL);
    try {
      reader.fromStart().readToEnd(this::note);
    } catch (FarmException e) {
      reader.close();
      throw e;
    }
    this.writer = new LogWriter(clients);
    this.follower = new Thread(this::follow, "darkroom-orders");
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
  public void close() {
    closed = true;
    writer.close();
    try {
      follower.join(WAIT.multipliedBy(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(StopOrder order, byte[] value) {
    writer.write(QueueNames.CONTROL, List.of(new LogWriter.Line(order.key(), value)));
  }

  private void follow() {
    try (reader) {
      while (!closed) {
        reader.poll(WAIT, this::note);
      }
    } catch (FarmException e) {
      LOG.error("stop orders are not followed any more: {}", e.getMessage());
    }
  }

  private void note(ConsumerRecord<byte[], byte[]> record) {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    StopOrder.ofKey(key)
        .ifPresentOrElse(
            order -> note(order, record.value() != null),
            () -> LOG.warn("{} offset {}: no stop order", record.topic(), record.offset()));
  }

  private void note(StopOrder order, boolean stands) {
    if (stands) {
      standing.add(order);
    } else {
      standing.remove(order);
    }
  }
}
