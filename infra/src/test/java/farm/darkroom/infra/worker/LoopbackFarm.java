package farm.darkroom.infra.worker;

import farm.darkroom.common.Await;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.store.S3Credentials;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import farm.darkroom.infra.embedded.EmbeddedS3;
import farm.darkroom.submitter.farm.Farm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A real broker and a real store in this JVM, and worker processes beside it. */
final class LoopbackFarm implements AutoCloseable {
  static final String QUEUE = "default";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration LOOK = Duration.ofMillis(50);
  final Farm farm;
  final S3ResultStore store;
  private final EmbeddedKafka kafka;
  private final EmbeddedS3 s3;
  private final S3Settings storeSettings;
  private final EventLog events;
  private final JobPublisher publisher;

  LoopbackFarm(Path folder) {
    kafka = EmbeddedKafka.start(folder.resolve("kafka"));
    s3 = EmbeddedS3.start(folder.resolve("s3"));
    storeSettings = s3.settings("renders");
    farm = new Farm(KafkaSettings.of(kafka.bootstrap()), storeSettings, QUEUE);
    try (FarmTopics topics = farm.topics()) {
      topics.create(new QueueNames(QUEUE), TopicPlan.DEFAULT);
    }
    store = farm.store();
    store.bucket().createIfMissing();
    events = farm.events();
    publisher = farm.publisher();
  }

  /**
   * Puts a job on the queue.
   *
   * @return its id
   */
  String submit(RenderJob job) {
    QueuedJob queued = new QueuedJob(job, Optional.of("night"), Instant.now());
    publish(queued.id().text(), queued.toJson());
    return queued.id().text();
  }

  void publish(String key, byte[] payload) {
    publisher.publish(Lane.NORMAL, List.of(new Posting(key, payload)));
  }

  /** A small job for a model; jobs differ by seed. */
  static RenderJob job(String model, long seed, int steps) {
    String json =
        ("{\"model\": \"%s\", \"prompt\": \"a red cube\", \"seed\": %d, \"height\": 64, \"width\":"
                + " 64, \"num_inference_steps\": %d}")
            .formatted(model, seed, steps);
    return RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
  }

  void cancel(String id) {
    try (KafkaStopOrders orders = new KafkaStopOrders(farm.kafka(), Clock.systemUTC())) {
      orders.stop(new StopOrder(StopOrder.Scope.JOB, id));
    }
  }

  Optional<JobEvent> lastEvent(String key) {
    return Optional.ofNullable(events.latest().get(key));
  }

  /** The flags that lead to this farm; the key pair goes by variable. */
  List<String> flags() {
    return List.of(
        "--kafka",
        kafka.bootstrap(),
        "--s3-endpoint",
        s3.endpoint().toString(),
        "--s3-bucket",
        storeSettings.bucket());
  }

  /** A worker in a process of its own. */
  SpawnedWorker worker(String name, Path folder) {
    return worker(name, folder, List.of(), Map.of());
  }

  /** The same with more flags and variables. */
  SpawnedWorker worker(String name, Path folder, List<String> more, Map<String, String> variables) {
    List<String> flags = new ArrayList<>(flags());
    flags.addAll(more);
    return new SpawnedWorker(name, flags, variables, credentials(), folder);
  }

  S3Credentials credentials() {
    return storeSettings.credentials().orElseThrow();
  }

  void stopBroker() {
    kafka.stop();
  }

  void startBroker() {
    kafka.start();
  }

  static void await(String what, BooleanSupplier condition) {
    Await.until(what, PATIENCE, LOOK, condition);
  }

  @Override
  public void close() {
    publisher.close();
    events.close();
    store.close();
    s3.close();
    kafka.close();
  }
}
