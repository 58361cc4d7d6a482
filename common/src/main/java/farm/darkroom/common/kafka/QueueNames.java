package farm.darkroom.common.kafka;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.Lane;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the topics and the share group of one queue are called. */
public record QueueNames(String queue) {
  public static final String DEFAULT_QUEUE = "default";
  public static final String EVENTS = "darkroom.events";
  public static final String PROGRESS = "darkroom.progress";
  public static final String CONTROL = "darkroom.control";
  private static final String DEAD_LETTERS = "dlq.darkroom.";
  private static final Pattern QUEUE = Pattern.compile("[a-z0-9]([a-z0-9_.-]{0,98}[a-z0-9])?");

  public QueueNames {
    if (!QUEUE.matcher(queue).matches()) {
      throw new FarmException(
          FailureKind.QUEUE_UNAVAILABLE,
          "queue '%s' is no queue name: 1 to 100 of a-z, 0-9, '.', '_' and '-', with a letter or"
                  .formatted(queue)
              + " digit at both ends");
    }
  }

  /** The topic of a lane, such as {@code darkroom.default.high}. */
  public String topic(Lane lane) {
    return "darkroom." + queue + "." + lane.label();
  }

  /** The topics of all lanes, most urgent first. */
  public List<String> topics() {
    return Arrays.stream(Lane.values()).map(this::topic).toList();
  }

  /** The share group of the queue's workers. */
  public String group() {
    return "darkroom." + queue;
  }

  /** Where the broker puts what the queue gave up; it insists on the prefix {@code dlq.}. */
  public String deadLetters() {
    return DEAD_LETTERS + queue;
  }

  /** The queue whose dead letters lie in {@code topic}; empty when it is no such topic. */
  static Optional<QueueNames> ofDeadLetters(String topic) {
    return topic.startsWith(DEAD_LETTERS)
            && QUEUE.matcher(topic.substring(DEAD_LETTERS.length())).matches()
        ? Optional.of(new QueueNames(topic.substring(DEAD_LETTERS.length())))
        : Optional.empty();
  }
}
