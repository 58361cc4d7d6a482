package farm.darkroom.common.kafka;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The broker-side settings that a queue depends on, by topic and for its share group. What stands
 * here is set at creation and checked at every start.
 *
 * @param lanes the topics that hold jobs
 */
record TopicSettings(QueueNames names, Set<String> lanes) {
  static final String DEAD_LETTER_TOPIC = "errors.deadletterqueue.topic.name";
  static final String LEASE_TIME = "share.record.lock.duration.ms";
  static final String DELIVERY_LIMIT = "share.delivery.count.limit";
  static final List<String> TERMS = List.of(LEASE_TIME, DELIVERY_LIMIT);
  private static final String FOREVER = "-1";

  /**
   * What many machines write is told apart by the broker's clock, not by theirs; and a broker that
   * went by theirs would refuse all that one writes whose clock is an hour ahead.
   */
  private static final String TIMESTAMPS = "message.timestamp.type";

  private static final String BROKERS_CLOCK = "LogAppendTime";
  private static final String MEBIBYTE = "1048576";

  /** The settings of the first {@code tracks} tracks of each lane and of all that exist already. */
  static TopicSettings of(QueueNames names, int tracks, Set<String> there) {
    Set<String> lanes = new LinkedHashSet<>(names.topics(tracks));
    names.tracks(there).forEach(track -> lanes.add(track.topic()));
    return new TopicSettings(names, lanes);
  }

  /** Every topic of the queue and of the farm, with what its configuration must say. */
  Map<String, Map<String, String>> topics() {
    Map<String, Map<String, String>> topics = new LinkedHashMap<>();
    lanes.forEach(topic -> topics.put(topic, jobs()));
    topics.put(names.deadLetters(), deadLetters());
    topics.put(QueueNames.EVENTS, log("compact"));
    topics.put(QueueNames.CONTROL, log("compact"));
    topics.put(QueueNames.PROGRESS, log("compact,delete"));
    return topics;
  }

  /** The settings of the dead letter topic alone. */
  static Map<String, Map<String, String>> deadLetters(QueueNames names) {
    return Map.of(names.deadLetters(), deadLetters());
  }

  /** Settings for new topics that are not checked later. */
  Map<String, String> atCreation(String topic) {
    Map<String, String> settings = new TreeMap<>(topics().get(topic));
    if (topic.equals(QueueNames.PROGRESS)) {
      settings.put("retention.ms", "3600000");
    }
    if (settings.get("cleanup.policy").startsWith("compact")) {
      // The active segment is never compacted: keep it young, so that reading the topic stays
      // short.
      settings.put("segment.ms", "600000");
      settings.put("segment.bytes", "67108864");
      settings.put("min.cleanable.dirty.ratio", "0.2");
    }
    return settings;
  }

  /** What {@code init} sets of the share group's configuration. */
  Map<String, String> group() {
    Map<String, String> settings = requiredGroupSettings();
    // A worker that joins is given its lanes at once, not at its next heartbeat.
    settings.put("share.assignment.interval.ms", "0");
    settings.put("share.assignor.offload.enable", "false");
    return settings;
  }

  /** What the share group's configuration must say, or jobs are lost. */
  Map<String, String> requiredGroupSettings() {
    Map<String, String> settings = new LinkedHashMap<>();
    // The default, latest, does not see jobs that were published before the first worker came.
    settings.put("share.auto.offset.reset", "earliest");
    settings.put("share.renew.acknowledge.enable", "true");
    settings.put(DEAD_LETTER_TOPIC, names.deadLetters());
    settings.put("errors.deadletterqueue.copy.record.enable", "true");
    return settings;
  }

  /**
   * The broker unpacks what is published before it measures it, and keeps it so: it copies a job
   * into a dead letter only where the whole batch that the job came in unpacks to no more than a
   * dead letter may have.
   */
  private static Map<String, String> jobs() {
    return Map.of(
        "cleanup.policy",
        "delete",
        "retention.ms",
        FOREVER,
        "retention.bytes",
        FOREVER,
        "max.message.bytes",
        MEBIBYTE,
        "compression.type",
        "uncompressed",
        TIMESTAMPS,
        BROKERS_CLOCK);
  }

  private static Map<String, String> deadLetters() {
    return Map.of(
        "cleanup.policy", "delete",
        "retention.ms", FOREVER,
        "retention.bytes", FOREVER,
        // A dead letter is a job and headers: what a lane took must fit.
        "max.message.bytes", "2097152",
        "errors.deadletterqueue.group.enable", "true");
  }

  private static Map<String, String> log(String cleanup) {
    return Map.of("cleanup.policy", cleanup, TIMESTAMPS, BROKERS_CLOCK);
  }
}
