package farm.darkroom.infra.embedded;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * The settings of the embedded broker: one node, sized for a laptop, with share groups that join in
 * half a second instead of five. Its controller listens on the loopback interface only.
 *
 * @param overrides laid over all others
 */
record BrokerProperties(
    int node,
    Path folder,
    BrokerAddress address,
    int controllerPort,
    Map<String, String> overrides) {
  static final String CONTROLLER = "CONTROLLER";
  private static final String ONE = "1";

  Properties toProperties() {
    Properties properties = new Properties();
    addIdentity(properties);
    addSingleNode(properties);
    addShareGroups(properties);
    addSmallFootprint(properties);
    address.security().map(SaslSsl::brokerProperties).ifPresent(properties::putAll);
    properties.putAll(overrides);
    return properties;
  }

  private void addIdentity(Properties properties) {
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(node));
    properties.put("log.dirs", folder.toString());
    properties.put(
        "listeners",
        "%s://%s:%d,%s://127.0.0.1:%d"
            .formatted(
                address.listener(), address.host(), address.port(), CONTROLLER, controllerPort));
    properties.put(
        "listener.security.protocol.map",
        "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,"
            + CONTROLLER
            + ":PLAINTEXT");
    properties.put("controller.listener.names", CONTROLLER);
    // A static quorum: its address may differ at the next start, which a dynamic one would keep.
    properties.put("controller.quorum.voters", node + "@127.0.0.1:" + controllerPort);
    properties.put("auto.create.topics.enable", "false");
  }

  private static void addSingleNode(Properties properties) {
    properties.put("offsets.topic.replication.factor", ONE);
    properties.put("offsets.topic.num.partitions", ONE);
    properties.put("transaction.state.log.replication.factor", ONE);
    properties.put("transaction.state.log.min.isr", ONE);
    properties.put("transaction.state.log.num.partitions", ONE);
    properties.put("share.coordinator.state.topic.replication.factor", ONE);
    properties.put("share.coordinator.state.topic.min.isr", ONE);
    properties.put("share.coordinator.state.topic.num.partitions", ONE);
    // After a kill -9 the old registration bars the new broker for a session: keep it short.
    properties.put("broker.session.timeout.ms", "1500");
    properties.put("broker.heartbeat.interval.ms", "300");
  }

  private static void addShareGroups(Properties properties) {
    properties.put("group.share.heartbeat.interval.ms", "500");
    properties.put("group.share.min.heartbeat.interval.ms", "500");
    properties.put("group.share.assignment.interval.ms", "0");
    properties.put("group.share.min.record.lock.duration.ms", "1000");
    properties.put("group.share.max.record.lock.duration.ms", "3600000");
    properties.put("group.share.initialize.retry.interval.ms", "1000");
  }

  private static void addSmallFootprint(Properties properties) {
    properties.put("log.cleaner.dedupe.buffer.size", "2097152");
    properties.put("num.network.threads", "2");
    properties.put("num.io.threads", "4");
    properties.put("background.threads", "2");
    properties.put("num.recovery.threads.per.data.dir", ONE);
    properties.put("group.initial.rebalance.delay.ms", "0");
    properties.put("metric.reporters", "");
  }
}
