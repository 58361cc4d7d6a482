package farm.darkroom.submitter.farm;

import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.store.S3Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The flags that select a farm. Each has an environment variable of the same name. */
public final class FarmOptions {
  private static final String QUEUE_VARIABLE = "DARKROOM_QUEUE";
  private static final String TIMEOUT_VARIABLE = "DARKROOM_S3_TIMEOUT_SECONDS";

  /** Three attempts of this length end before a user at a terminal gives up. */
  private static final String TIMEOUT_SECONDS = "2.5";

  @Option(
      names = "--farm",
      paramLabel = "FILE",
      order = 100,
      description =
          "the farm.env that 'up' wrote (default: $$DARKROOM_FARM, else darkroom-data/farm.env)")
  private Path file;

  @Option(
      names = "--kafka",
      paramLabel = "HOST:PORT",
      order = 101,
      description = "the broker (DARKROOM_KAFKA; default localhost:9092)")
  private String kafka;

  @Option(
      names = "--kafka-properties",
      paramLabel = "FILE",
      order = 102,
      description = "Kafka's own client settings, such as TLS and SASL (DARKROOM_KAFKA_PROPERTIES)")
  private String kafkaProperties;

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      order = 103,
      description = "the queue (DARKROOM_QUEUE; default default)")
  private String queue;

  @Option(
      names = "--s3-endpoint",
      paramLabel = "URL",
      order = 104,
      description = "an S3-compatible service (DARKROOM_S3_ENDPOINT; default AWS)")
  private String endpoint;

  @Option(
      names = "--s3-bucket",
      paramLabel = "NAME",
      order = 105,
      description = "the bucket (DARKROOM_S3_BUCKET; default darkroom)")
  private String bucket;

  @Option(
      names = "--s3-region",
      paramLabel = "NAME",
      order = 106,
      description = "the region (DARKROOM_S3_REGION)")
  private String region;

  @Option(
      names = "--s3-access-key",
      paramLabel = "KEY",
      order = 107,
      description =
          "with --s3-secret-key (DARKROOM_S3_ACCESS_KEY, DARKROOM_S3_SECRET_KEY; default: the AWS"
              + " SDK's own chain)")
  private String accessKey;

  @Option(names = "--s3-secret-key", paramLabel = "KEY", order = 108, hidden = true)
  private String secretKey;

  @Option(
      names = "--s3-ca",
      paramLabel = "FILE",
      order = 109,
      description =
          "PEM file of the certificate authorities to trust (DARKROOM_S3_CA, else AWS_CA_BUNDLE;"
              + " default: the JVM's)")
  private String authorities;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /**
   * The farm that was typed, or is in the variables; nothing is connected yet. Says which names in
   * its file nothing reads.
   *
   * @throws farm.darkroom.common.FarmException that says which setting is wrong
   */
  public Farm farm() {
    PrintWriter err = command.commandLine().getErr();
    return farm(System.getenv(), warning -> err.println("warning: " + warning));
  }

  /** Those of a command, if it speaks to a farm. */
  public static Optional<FarmOptions> of(CommandLine command) {
    return of(command.getCommandSpec());
  }

  private static Optional<FarmOptions> of(CommandSpec command) {
    return command.userObject() instanceof FarmOptions options
        ? Optional.of(options)
        : command.mixins().values().stream().flatMap(mixin -> of(mixin).stream()).findFirst();
  }

  /** What to say before a complaint that nothing answers: empty when something names the farm. */
  public String farmHint() {
    return farmHint(System.getenv());
  }

  String farmHint(Map<String, String> environment) {
    boolean typed =
        Stream.of(file, kafka, kafkaProperties, endpoint, region).anyMatch(Objects::nonNull);
    return typed || FarmFile.isNamed(environment)
        ? ""
        : "nothing names a farm, and there is no %s here: run it where".formatted(FarmFile.DEFAULT)
            + " 'darkroom up' runs, or give --farm FILE; ";
  }

  Farm farm(Map<String, String> environment, Consumer<String> warn) {
    Map<String, String> variables = FarmFile.over(Optional.ofNullable(file), environment, warn);
    Map<String, String> broker = new HashMap<>();
    put(broker, "kafka", kafka);
    put(broker, "kafka-properties", kafkaProperties);
    Map<String, String> store = new HashMap<>();
    put(store, "endpoint", endpoint);
    put(store, "bucket", bucket);
    put(store, "region", region);
    put(store, "access-key", accessKey);
    put(store, "secret-key", secretKey);
    put(store, "ca", authorities);
    variables.putIfAbsent(TIMEOUT_VARIABLE, TIMEOUT_SECONDS);
    return new Farm(
        KafkaSettings.resolve(broker, variables),
        S3Settings.resolve(store, variables),
        new QueueNames(queue(variables)).queue());
  }

  private String queue(Map<String, String> variables) {
    return Optional.ofNullable(queue)
        .or(() -> Optional.ofNullable(variables.get(QUEUE_VARIABLE)).filter(q -> !q.isBlank()))
        .orElse(QueueNames.DEFAULT_QUEUE);
  }

  private static void put(Map<String, String> flags, String name, String value) {
    if (value != null) {
      flags.put(name, value);
    }
  }
}
