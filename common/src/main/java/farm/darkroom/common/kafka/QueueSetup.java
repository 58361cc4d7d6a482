package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics and the share group of a queue, and corrects their settings. Thread-safe. */
record QueueSetup(Admin admin, KafkaFailures failures, QueueCheck check, GroupOffsets offsets) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration BETWEEN_CHECKS = Duration.ofMillis(20);

  /** As {@link FarmTopics#create}. */
  List<String> create(QueueNames names, TopicPlan plan) {
    Set<String> there = check.topicNames();
    TopicSettings settings = TopicSettings.of(names, plan.tracks(), there);
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
    awaitApplied(wanted);
    return created;
  }

  /**
   * Waits for the broker to apply what its controller has accepted. If it does not do so in time,
   * {@link FarmTopics#verify} will report it.
   */
  private void awaitApplied(Map<ConfigResource, Map<String, String>> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!check.isSet(wanted) && System.nanoTime() < deadline) {
      try {
        TimeUnit.NANOSECONDS.sleep(BETWEEN_CHECKS.toNanos());
      } catch (InterruptedException e) {
        throw failures.failure("wait for what was set", e);
      }
    }
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
    leaseSettings.keySet().removeIf(name -> isOfGroup(found.get(name)));
    plan.leaseTime()
        .ifPresent(
            time -> leaseSettings.put(TopicSettings.LEASE_TIME, Long.toString(time.toMillis())));
    plan.deliveryLimit()
        .ifPresent(
            limit -> leaseSettings.put(TopicSettings.DELIVERY_LIMIT, Integer.toString(limit)));
    return leaseSettings;
  }

  /** Whether the entry was set for this group rather than inherited from the broker. */
  private static boolean isOfGroup(ConfigEntry entry) {
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
