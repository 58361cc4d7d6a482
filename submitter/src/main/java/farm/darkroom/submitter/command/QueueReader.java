package farm.darkroom.submitter.command;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaQueueStatus;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the state of all queues of a broker. Its connections stay open between readings.
 * Thread-safe; readings are serialised.
 */
public final class QueueReader implements AutoCloseable {
  private final Farm farm;
  private final Clock clock;
  private final FarmTopics topics;
  private final ProgressLog progress;
  private final StopOrders orders;
  private final Map<String, KafkaQueueStatus> statuses = new HashMap<>();

  public QueueReader(Farm farm, Clock clock) {
    this.farm = farm;
    this.clock = clock;
    // first what may refuse: what only connects when it is used would be left open
    this.orders = new KafkaStopOrders(farm.kafka(), clock);
    this.topics = farm.topics();
    this.progress = farm.progress();
  }

  /**
   * The current state of all queues.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public synchronized List<QueueLine> read() {
    WorkerHeartbeats heartbeats = WorkerHeartbeats.read(progress, clock);
    Set<String> there = topics.topicNames();
    List<String> queues = FarmTopics.queues(there);
    closeOthers(queues);
    return queues.stream().map(queue -> line(queue, there, heartbeats)).toList();
  }

  @Override
  public synchronized void close() {
    statuses.values().forEach(KafkaQueueStatus::close);
    orders.close();
    progress.close();
    topics.close();
  }

  /** A queue that is gone needs no connections any more. */
  private void closeOthers(List<String> queues) {
    Map<String, KafkaQueueStatus> gone = new HashMap<>(statuses);
    gone.keySet().removeAll(queues);
    statuses.keySet().retainAll(queues);
    gone.values().forEach(KafkaQueueStatus::close);
  }

  private QueueLine line(String queue, Set<String> there, WorkerHeartbeats heartbeats) {
    KafkaQueueStatus status =
        statuses.computeIfAbsent(queue, name -> new KafkaQueueStatus(farm.kafka(), name));
    Optional<String> wrong = topics.wrong(new QueueNames(queue), there);
    try {
      return new QueueLine(status.read(there), heartbeats, orders.isPaused(queue), wrong);
    } catch (FarmException e) {
      throw wrong.map(why -> new FarmException(e.kind(), why, e)).orElse(e);
    }
  }
}
