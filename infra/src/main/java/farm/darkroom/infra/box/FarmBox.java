package farm.darkroom.infra.box;

import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.infra.embedded.BrokerAddress;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import farm.darkroom.infra.embedded.EmbeddedS3;
import farm.darkroom.submitter.farm.Farm;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A broker and a store in this JVM, on the loopback address unless told otherwise, with their data
 * in one folder and the queue set up. Closing it stops both; the data stays.
 */
public final class FarmBox implements AutoCloseable {

  private static final Pattern OF_A_FARM = Pattern.compile("DARKROOM_(FARM|QUEUE|KAFKA.*|S3_.*)");
  private static final String EMPTY_FILE = "/dev/null";

  private final EmbeddedKafka kafka;
  private final EmbeddedS3 store;

  private FarmBox(EmbeddedKafka kafka, EmbeddedS3 store) {
    this.kafka = kafka;
    this.store = store;
  }

  /**
   * Starts both on the loopback address; what an earlier box left in the folder is there again.
   *
   * @param kafkaPort 0 for a free one
   * @param s3Port 0 for a free one
   * @throws farm.darkroom.common.FarmException when a port is taken or the folder cannot be written
   */
  public static FarmBox start(Path folder, int kafkaPort, int s3Port) {
    return start(folder, BrokerAddress.LOOPBACK, kafkaPort, s3Port);
  }

  /**
   * Starts a farm on a given address of this machine, which clients are told as well.
   *
   * @throws farm.darkroom.common.FarmException also when it is no such address
   */
  static FarmBox start(Path folder, String host, int kafkaPort, int s3Port) {
    BrokerAddress address = new BrokerAddress(host, kafkaPort, Optional.empty());
    EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), address, Map.of());
    try {
      FarmBox box = new FarmBox(kafka, EmbeddedS3.start(folder.resolve("s3"), host, s3Port));
      box.setUp();
      return box;
    } catch (RuntimeException e) {
      kafka.close();
      throw e;
    }
  }

  private void setUp() {
    Farm farm = farm();
    try (FarmTopics topics = farm.topics();
        S3ResultStore results = farm.store()) {
      topics.create(new QueueNames(farm.queue()), TopicPlan.DEFAULT);
      results.bucket().createIfMissing();
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** How commands reach it. */
  public Farm farm() {
    return new Farm(
        KafkaSettings.of(kafka.bootstrap()),
        store.settings(S3Settings.DEFAULT_BUCKET),
        QueueNames.DEFAULT_QUEUE);
  }

  /** The variables that every other command reads. */
  public Map<String, String> variables() {
    S3Settings s3 = farm().s3();
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("DARKROOM_KAFKA", kafka.bootstrap());
    variables.put("DARKROOM_S3_ENDPOINT", store.endpoint().toString());
    variables.put("DARKROOM_S3_BUCKET", s3.bucket());
    s3.credentials()
        .ifPresent(
            key -> {
              variables.put("DARKROOM_S3_ACCESS_KEY", key.accessKey());
              variables.put("DARKROOM_S3_SECRET_KEY", key.secretKey());
            });
    return variables;
  }

  /** Those of its workers, which serve this farm whatever the variables of this process name. */
  Map<String, String> workerVariables() {
    Map<String, String> variables = new LinkedHashMap<>();
    System.getenv().keySet().stream()
        .filter(name -> OF_A_FARM.matcher(name).matches())
        .forEach(name -> variables.put(name, ""));
    variables.put("DARKROOM_FARM", EMPTY_FILE);
    variables.putAll(variables());
    return variables;
  }

  @Override
  public void close() {
    store.close();
    kafka.close();
  }
}
