package farm.darkroom.submitter.farm;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaDeadLetters;
import farm.darkroom.common.kafka.KafkaEventLog;
import farm.darkroom.common.kafka.KafkaJobPublisher;
import farm.darkroom.common.kafka.KafkaProgressLog;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.LeaseSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.S3Settings;
import java.time.Duration;

/** A farm's broker and store, and one of its queues. Immutable; the caller closes what it opens. */
public record Farm(KafkaSettings kafka, S3Settings s3, String queue) {
  /** How long the first answer of the broker may take: nobody waits longer to hear of a typo. */
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(5);

  public Farm {
    requireNonNull(kafka, "kafka");
    requireNonNull(s3, "s3");
    requireNonNull(queue, "queue");
  }

  /**
   * Checks that the broker is there and the queue is set up.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public LeaseSettings verify() {
    try (FarmTopics topics = topics()) {
      return topics.verify(new QueueNames(queue));
    }
  }

  /** The queue's topics, with the patience of a user at a terminal. */
  public FarmTopics topics() {
    Duration patience =
        kafka.patience().compareTo(FIRST_ANSWER) < 0 ? kafka.patience() : FIRST_ANSWER;
    return new FarmTopics(kafka.withPatience(patience));
  }

  public S3ResultStore store() {
    return new S3ResultStore(s3);
  }

  public EventLog events() {
    return new KafkaEventLog(kafka);
  }

  public JobPublisher publisher() {
    return new KafkaJobPublisher(kafka, queue);
  }

  public DeadLetters deadLetters() {
    return new KafkaDeadLetters(kafka, queue);
  }

  public ProgressLog progress() {
    return new KafkaProgressLog(kafka);
  }
}
