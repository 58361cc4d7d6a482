package farm.darkroom.common.kafka;

import static java.util.stream.Collectors.joining;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * The topics and the share group of a queue: creates them, and checks them before a worker starts.
 * A wrong dead letter set-up is accepted by the broker and loses every rejected job without a word,
 * so nothing may run that was not verified. Thread-safe.
 */
public final class FarmTopics implements AutoCloseable {
  private static final int SHOWN = 20;
  private final KafkaFailures failures;
  private final Admin admin;
  private final QueueCheck check;
  private final QueueSetup setup;
  private final GroupOffsets offsets;

  public FarmTopics(KafkaSettings settings) {
    this(new KafkaClients(settings));
  }

  private FarmTopics(KafkaClients clients) {
    this(clients, clients.admin());
  }

  private FarmTopics(KafkaClients clients, Admin admin) {
    this(admin, clients.failures(), new GroupOffsets(admin, clients::admin, clients.failures()));
  }

  /** Uses connections that the caller owns and closes. */
  FarmTopics(Admin admin, KafkaFailures failures, GroupOffsets offsets) {
    this.admin = admin;
    this.offsets = offsets;
    this.failures = failures;
    this.check = new QueueCheck(admin, failures);
    this.setup = new QueueSetup(admin, failures, check, offsets);
  }

  /**
   * Creates missing topics and corrects wrong settings. Partitions and replication of existing
   * topics are never changed, nor are tracks beyond the plan, nor a lease time or delivery limit
   * that the plan leaves open.
   *
   * @return the names of the topics that it created
   * @throws FarmException QUEUE_UNAVAILABLE, also when the broker does not allow a setting
   */
  public List<String> create(QueueNames names, TopicPlan plan) {
    return setup.create(names, plan);
  }

  /**
   * The layout of the queue, which {@link #create} only adds to.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  public QueueLayout layout(QueueNames names) {
    List<Track> tracks = tracks(names);
    Collection<TopicDescription> topics =
        failures
            .await(
                "describe the topics of queue '" + names.queue() + "'",
                admin.describeTopics(tracks.stream().map(Track::topic).toList()).allTopicNames())
            .values();
    return QueueLayout.of(tracks, topics);
  }

  /**
   * Checks every topic and setting that the queue depends on.
   *
   * @return the terms on which the broker hands out jobs
   * @throws FarmException QUEUE_UNAVAILABLE that lists all that is missing or set wrongly
   */
  public LeaseSettings verify(QueueNames names) {
    Set<String> there = check.topicNames();
    requireThere(names, there);
    return check.require(names, TopicSettings.of(names, 1, there).topics(), there);
  }

  /**
   * Returns what {@link #verify} would throw, as a sentence; empty if nothing is wrong.
   *
   * @param there what {@link #topicNames} said
   * @throws FarmException QUEUE_UNAVAILABLE when the broker does not say
   */
  public Optional<String> wrong(QueueNames names, Set<String> there) {
    return check
        .inspect(names, TopicSettings.of(names, 1, there).topics(), there)
        .wrong()
        .map(FarmException::getMessage);
  }

  /** Throws if no topic of the queue exists: its name was probably mistyped. */
  private static void requireThere(QueueNames names, Set<String> there) {
    if (there.contains(names.deadLetters()) || !names.tracks(there).isEmpty()) {
      return;
    }
    List<String> queues = queues(there);
    throw new FarmException(
        FailureKind.QUEUE_UNAVAILABLE,
        "no queue '%s'; there is%s; 'darkroom init --queue %s' sets it up"
            .formatted(
                names.queue(),
                queues.isEmpty()
                    ? " none"
                    : queues.stream().limit(SHOWN).collect(joining(", ", ": ", "")),
                names.queue()));
  }

  /**
   * The names of all topics of the broker.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  public Set<String> topicNames() {
    return check.topicNames();
  }

  /** The sorted names of all queues whose topics are among these. */
  public static List<String> queues(Set<String> there) {
    return there.stream()
        .flatMap(topic -> QueueNames.ofDeadLetters(topic).stream())
        .map(QueueNames::queue)
        .sorted()
        .toList();
  }

  /** The tracks of the queue, ordered by lane and number. */
  List<Track> tracks(QueueNames names) {
    return names.tracks(check.topicNames());
  }

  @Override
  public void close() {
    offsets.close();
    admin.close(Duration.ofSeconds(1));
  }
}
