package farm.darkroom.common.kafka;

import static java.util.stream.Collectors.joining;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topics and the share group of a queue: creates them, and checks them before a worker starts.
 * A wrong dead letter set-up is accepted by the broker and loses every rejected job without a word,
 * so nothing may run that was not verified. Thread-safe.
 */
public final class FarmTopics implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
  private static final int SHOWN = 20;
  private final KafkaFailures failures;
  private final Admin admin;
  private final QueueCheck check;
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
    Set<String> there = check.topicNames();
    TopicSettings settings = settings(names, plan.tracks(), there);
    List<String> created = createTopics(settings, plan, there);
    Map<ConfigResource, Map<String, String>> wanted = new HashMap<>();
    settings.topics().forEach((topic, values) -> wanted.put(QueueCheck.topic(topic), values));
    Map<String, String> group = new HashMap<>(settings.group());
    group.putAll(leaseSettings(names, plan));
    wanted.put(QueueCheck.group(names), group);
    failures.await(
        "set up queue '" + names.queue() + "'",
        admin.incrementalAlterConfigs(changes(wanted)).all());
    new ShareGroupStart(admin, failures, offsets).set(names, settings.lanes(), created);
    awaitSet(wanted);
    return created;
  }

  /**
   * How a queue's lanes are laid out.
   *
   * @param tracks of the lane that has most; 0 if there is no such queue
   * @param partitions the numbers of partitions that its tracks have
   * @param replication the numbers of copies that they have
   */
  public record Layout(int tracks, SortedSet<Integer> partitions, SortedSet<Integer> replication) {}

  /**
   * The layout of the queue, which {@link #create} only adds to.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  public Layout layout(QueueNames names) {
    List<Track> tracks = tracks(names);
    Collection<TopicDescription> topics =
        failures
            .await(
                "describe the topics of queue '" + names.queue() + "'",
                admin.describeTopics(tracks.stream().map(Track::topic).toList()).allTopicNames())
            .values();
    return new Layout(
        tracks.stream().mapToInt(Track::number).max().orElse(0),
        numbers(topics.stream().map(topic -> topic.partitions().size())),
        numbers(topics.stream().map(topic -> topic.partitions().get(0).replicas().size())));
  }

  private static SortedSet<Integer> numbers(Stream<Integer> found) {
    return found.collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Waits for the broker to apply what its controller has accepted. If it does not do so in time,
   * {@link #verify} will report it.
   */
  private void awaitSet(Map<ConfigResource, Map<String, String>> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!check.isSet(wanted) && System.nanoTime() < deadline) {
      try {
        TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
      } catch (InterruptedException e) {
        throw failures.failure("wait for what was set", e);
      }
    }
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
    return check.require(names, settings(names, 1, there).topics(), there);
  }

  /**
   * Returns what {@link #verify} would throw, as a sentence; empty if nothing is wrong.
   *
   * @param there what {@link #there} said
   * @throws FarmException QUEUE_UNAVAILABLE when the broker does not say
   */
  public Optional<String> wrong(QueueNames names, Set<String> there) {
    return check
        .look(names, settings(names, 1, there).topics(), there)
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
  public Set<String> there() {
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

  /**
   * The settings of the first {@code tracks} tracks of each lane and of all tracks that exist
   * already.
   */
  private static TopicSettings settings(QueueNames names, int tracks, Set<String> there) {
    Set<String> lanes = new LinkedHashSet<>(names.topics(tracks));
    names.tracks(there).forEach(track -> lanes.add(track.topic()));
    return new TopicSettings(names, lanes);
  }

  /**
   * The lease time and delivery limit to be set: those of the plan, and defaults where the share
   * group has none of its own.
   */
  private Map<String, String> leaseSettings(QueueNames names, TopicPlan plan) {
    Map<String, String> leaseSettings = new HashMap<>();
    leaseSettings.put(TopicSettings.LEASE_TIME, Long.toString(TopicPlan.NEW_LEASE_TIME.toMillis()));
    leaseSettings.put(TopicSettings.DELIVERY_LIMIT, Integer.toString(TopicPlan.NEW_DELIVERY_LIMIT));
    Config found = check.configs(names, Set.of()).get(QueueCheck.group(names));
    leaseSettings.keySet().removeIf(name -> isGroups(found.get(name)));
    plan.leaseTime()
        .ifPresent(
            time -> leaseSettings.put(TopicSettings.LEASE_TIME, Long.toString(time.toMillis())));
    plan.deliveryLimit()
        .ifPresent(
            limit -> leaseSettings.put(TopicSettings.DELIVERY_LIMIT, Integer.toString(limit)));
    return leaseSettings;
  }

  /** Whether the entry was set for this group rather than inherited from the broker. */
  private static boolean isGroups(ConfigEntry entry) {
    return entry != null && entry.source() == ConfigEntry.ConfigSource.DYNAMIC_GROUP_CONFIG;
  }

  private List<String> createTopics(TopicSettings settings, TopicPlan plan, Set<String> there) {
    List<NewTopic> topics =
        settings.topics().keySet().stream()
            .filter(name -> !there.contains(name))
            .map(
                name ->
                    new NewTopic(
                            name,
                            settings.lanes().contains(name) ? plan.partitions() : 1,
                            plan.replication().orElse((short) -1))
                        .configs(settings.atCreation(name)))
            .toList();
    List<String> created = new ArrayList<>();
    admin
        .createTopics(topics)
        .values()
        .forEach(
            (name, answer) -> {
              if (isCreated(name, answer)) {
                created.add(name);
              }
            });
    return created;
  }

  /** Tolerates a topic that another process has just created. */
  private boolean isCreated(String name, Future<Void> answer) {
    try {
      answer.get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicExistsException) {
        return false;
      }
      throw failures.failure("create topic " + name, e);
    } catch (InterruptedException e) {
      throw failures.failure("create topic " + name, e);
    }
  }

  private static Map<ConfigResource, Collection<AlterConfigOp>> changes(
      Map<ConfigResource, Map<String, String>> wanted) {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
    wanted.forEach(
        (resource, values) ->
            changes.put(
                resource,
                values.entrySet().stream()
                    .map(e -> new ConfigEntry(e.getKey(), e.getValue()))
                    .map(entry -> new AlterConfigOp(entry, AlterConfigOp.OpType.SET))
                    .toList()));
    return changes;
  }
}
