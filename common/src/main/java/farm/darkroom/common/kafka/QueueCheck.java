package farm.darkroom.common.kafka;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/** Compares the broker's configuration with what a queue depends on. Thread-safe. */
record QueueCheck(Admin admin, KafkaFailures failures) {
  private static final String UNKNOWN = "unknown to the broker";

  /**
   * Checks topics and the share group.
   *
   * @param topics by name, with what their settings must be
   * @param there the names of all topics of the broker
   * @return the terms on which the broker hands out jobs
   * @throws FarmException QUEUE_UNAVAILABLE that lists all that is missing or set wrongly
   */
  LeaseSettings require(
      QueueNames names, Map<String, Map<String, String>> topics, Set<String> there) {
    Finding finding = inspect(names, topics, there);
    finding
        .wrong()
        .ifPresent(
            e -> {
              throw e;
            });
    return finding.leaseSettings().orElseThrow();
  }

  /**
   * What {@link #inspect} finds.
   *
   * @param leaseSettings on which the broker hands out jobs; empty where it does not know such
   *     terms
   * @param wrong what {@link #require} throws because something is missing or set wrongly
   */
  record Finding(Optional<LeaseSettings> leaseSettings, Optional<FarmException> wrong) {}

  /**
   * As {@link #require}, which throws what this returns.
   *
   * @throws FarmException QUEUE_UNAVAILABLE when the broker does not say
   */
  Finding inspect(QueueNames names, Map<String, Map<String, String>> topics, Set<String> there) {
    Set<String> present =
        topics.keySet().stream().filter(there::contains).collect(Collectors.toSet());
    Map<ConfigResource, Config> found = configs(names, present);
    return new Finding(leaseSettings(found.get(group(names))), wrong(names, topics, found));
  }

  /**
   * The names of all topics of the broker.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  Set<String> topicNames() {
    return failures.await("list topics", admin.listTopics().names());
  }

  private static Optional<FarmException> wrong(
      QueueNames names,
      Map<String, Map<String, String>> topics,
      Map<ConfigResource, Config> found) {
    List<String> problems = new ArrayList<>();
    topics.forEach(
        (topic, wanted) -> {
          Config config = found.get(topic(topic));
          problems.addAll(
              config == null
                  ? List.of("topic " + topic + " is missing")
                  : wrong("topic " + topic, wanted, config));
        });
    Map<String, String> wanted = new TopicSettings(names, Set.of()).requiredGroupSettings();
    String where = "share group " + names.group();
    Config group = found.get(group(names));
    problems.addAll(wrong(where, wanted, group));
    TopicSettings.TERMS.stream()
        .filter(name -> group.get(name) == null)
        .forEach(name -> problems.add("%s: %s is %s".formatted(where, name, UNKNOWN)));
    return problems.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new FarmException(
                FailureKind.QUEUE_UNAVAILABLE,
                "queue '%1$s' is not set up: %2$s; 'darkroom init --queue %1$s' sets it up"
                    .formatted(names.queue(), String.join("; ", problems))));
  }

  /**
   * Checks what becomes of jobs that are given up.
   *
   * @throws FarmException QUEUE_UNAVAILABLE when they would be lost
   */
  void requireDeadLetters(QueueNames names) {
    LeaseSettings unused = require(names, TopicSettings.deadLetters(names), topicNames());
  }

  Map<ConfigResource, Config> configs(QueueNames names, Set<String> topics) {
    List<ConfigResource> resources =
        new ArrayList<>(topics.stream().map(QueueCheck::topic).toList());
    resources.add(group(names));
    return failures.await(
        "read the settings of queue '" + names.queue() + "'",
        admin.describeConfigs(resources).all());
  }

  /** Whether the broker says of each resource what it was told to set. */
  boolean isSet(Map<ConfigResource, Map<String, String>> wanted) {
    Map<ConfigResource, Config> found =
        failures.await(
            "read what was set", admin.describeConfigs(List.copyOf(wanted.keySet())).all());
    return wanted.entrySet().stream()
        .allMatch(e -> wrong("", e.getValue(), found.get(e.getKey())).isEmpty());
  }

  static ConfigResource topic(String name) {
    return new ConfigResource(ConfigResource.Type.TOPIC, name);
  }

  static ConfigResource group(QueueNames names) {
    return new ConfigResource(ConfigResource.Type.GROUP, names.group());
  }

  private static Optional<LeaseSettings> leaseSettings(Config group) {
    ConfigEntry time = group.get(TopicSettings.LEASE_TIME);
    ConfigEntry limit = group.get(TopicSettings.DELIVERY_LIMIT);
    return time == null || limit == null
        ? Optional.empty()
        : Optional.of(
            new LeaseSettings(
                Duration.ofMillis(Long.parseLong(time.value())), Integer.parseInt(limit.value())));
  }

  private static List<String> wrong(String where, Map<String, String> wanted, Config found) {
    List<String> problems = new ArrayList<>();
    wanted.forEach(
        (name, value) -> {
          ConfigEntry entry = found.get(name);
          String is = entry == null ? UNKNOWN : "'" + entry.value() + "'";
          if (entry == null || !value.equals(entry.value())) {
            problems.add("%s: %s is %s, must be '%s'".formatted(where, name, is, value));
          }
        });
    return problems;
  }
}
