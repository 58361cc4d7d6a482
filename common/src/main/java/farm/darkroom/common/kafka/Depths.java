package farm.darkroom.common.kafka;

import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * How many jobs each topic of a queue holds that are not done, as the broker said last.
 *
 * <p>The broker answers within some milliseconds, or, where two ask at a time, some seconds late
 * (Kafka 4.4). Who need not know exactly does not wait for that. Not thread-safe.
 */
final class Depths {
  private final Supplier<Future<Map<String, Long>>> broker;
  private final KafkaFailures failures;
  private Map<String, Long> known;
  private long knownAt;
  private Future<Map<String, Long>> asked;
  private long askedAt;

  /**
   * @param broker asks it, and does not wait
   */
  Depths(Supplier<Future<Map<String, Long>>> broker, KafkaFailures failures) {
    this.broker = broker;
    this.failures = failures;
  }

  /**
   * What the broker said when it was asked at or after {@code moment}; waits for that. A topic that
   * the group has not begun to read is absent.
   *
   * @param moment of {@link System#nanoTime}
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  Map<String, Long> since(long moment) {
    while (known == null || knownAt - moment < 0) {
      ask();
      note();
    }
    return known;
  }

  /**
   * What the broker said last. Where that was before {@code moment} it is asked, and has answered
   * by one of the next calls; only the first answer of all is waited for.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  Map<String, Long> about(long moment) {
    if (known == null) {
      return since(moment);
    }
    if (knownAt - moment < 0) {
      ask();
      if (asked.isDone()) {
        note();
      }
    }
    return known;
  }

  private void ask() {
    if (asked == null) {
      askedAt = System.nanoTime();
      asked = broker.get();
    }
  }

  private void note() {
    Future<Map<String, Long>> answer = asked;
    asked = null;
    known = failures.await("read the depths of the queue", answer);
    knownAt = askedAt;
  }
}
