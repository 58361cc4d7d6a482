package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaPublishedJobs;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.infra.Typed;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import farm.darkroom.submitter.audit.Audit;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.submit.Manifests;
import farm.darkroom.submitter.submit.Submission;
import farm.darkroom.submitter.submit.SubmitRequest;
import farm.darkroom.submitter.watch.JobStateReader;
import farm.darkroom.submitter.watch.JobStateTracker;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A farm to be mistreated: its store lies behind a line that can be made bad, its workers are
 * processes, and its broker is one where it is to be killed. Who looks at it from here has a line
 * of their own.
 */
final class ChaosFarm implements AutoCloseable {
  static final String QUEUE = "chaos";
  static final Duration LEASE_TIME = Duration.ofSeconds(5);
  static final TopicPlan PLAN = TopicPlan.DEFAULT.withLeaseTime(LEASE_TIME).withDeliveryLimit(10);
  private static final Duration LOOK = Duration.ofMillis(250);

  final Farm farm;
  final S3ResultStore store;
  final EventLog events;
  private final Path folder;
  private final Runnable closeBroker;
  private final Lag lag;
  private final List<Child> workers = new ArrayList<>();
  private final MistreatedStore mistreated;

  /** With a broker in this JVM. */
  ChaosFarm(Path folder, TopicPlan plan) {
    this(folder, plan, EmbeddedKafka.start(folder.resolve("kafka")));
  }

  private ChaosFarm(Path folder, TopicPlan plan, EmbeddedKafka kafka) {
    this(folder, plan, kafka.bootstrap(), kafka::close);
  }

  /** With a broker that can be killed, and is up. */
  ChaosFarm(Path folder, TopicPlan plan, BrokerProcess broker) {
    this(folder, plan, broker.bootstrap(), broker::close);
  }

  private ChaosFarm(Path folder, TopicPlan plan, String bootstrap, Runnable closeBroker) {
    this.folder = folder;
    this.closeBroker = closeBroker;
    mistreated = new MistreatedStore(folder.resolve("s3"));
    farm = new Farm(KafkaSettings.of(bootstrap), mistreated.settings(), QUEUE);
    setUp(farm, plan);
    store = farm.store();
    events = farm.events();
    lag = new Lag(bootstrap, QUEUE);
  }

  private static void setUp(Farm farm, TopicPlan plan) {
    try (FarmTopics topics = farm.topics();
        S3ResultStore store = farm.store()) {
      topics.create(new QueueNames(farm.queue()), plan);
      store.bucket().createIfMissing();
    }
  }

  /** The store as workers meet it. */
  MistreatedStore mistreated() {
    return mistreated;
  }

  /**
   * Submits as {@code darkroom submit} does.
   *
   * @return the ids
   */
  List<String> submit(String batch, List<RenderJob> jobs) {
    try (JobPublisher publisher = farm.publisher()) {
      Submission submission = new Submission(store, events, publisher, Clock.systemUTC());
      return submission.submit(SubmitRequest.of(jobs, Optional.of(batch))).ids().stream()
          .map(JobId::text)
          .toList();
    }
  }

  /** A worker in a process of its own. */
  Child worker(String name, String... flags) {
    return worker(jvm(), name, flags);
  }

  Child worker(Jvm jvm, String name, String... flags) {
    Child worker = jvm.start(name, ChaosWorker.class, arguments(name, flags), folder);
    workers.add(worker);
    return worker;
  }

  /** What a worker's command line says. */
  List<String> arguments(String name, String... flags) {
    List<String> arguments = new ArrayList<>(List.of("--name", name));
    arguments.addAll(List.of(flags));
    arguments.addAll(flags(farm, mistreated.line().endpoint()));
    return arguments;
  }

  /** What a command on this farm answers that somebody types. */
  Typed type(String... typed) throws IOException {
    return Typed.on(Typed.farmFile(folder.resolve("farm.env"), farm), typed);
  }

  /** What leads a command to this farm. */
  List<String> flags() {
    return flags(farm, mistreated.endpoint());
  }

  private static List<String> flags(Farm farm, URI endpoint) {
    return List.of(
        "--kafka",
        farm.kafka().bootstrap(),
        "--queue",
        farm.queue(),
        "--s3-endpoint",
        endpoint.toString(),
        "--s3-bucket",
        farm.s3().bucket());
  }

  Jvm jvm() {
    return Jvm.small(variables());
  }

  Map<String, String> variables() {
    S3Settings settings = farm.s3();
    Map<String, String> variables = new HashMap<>();
    variables.put("DARKROOM_S3_ACCESS_KEY", settings.credentials().orElseThrow().accessKey());
    variables.put("DARKROOM_S3_SECRET_KEY", settings.credentials().orElseThrow().secretKey());
    variables.put("DARKROOM_S3_TIMEOUT_SECONDS", "2");
    return variables;
  }

  Path folder() {
    return folder;
  }

  /** The ids of a batch, as its manifest says. */
  List<String> batch(String name) {
    return new Manifests(store).require(name).ids();
  }

  /** Jobs that are not done. */
  long depth() {
    return lag.read();
  }

  /** Returns when so many jobs have said that they are stored. */
  void awaitStored(int count, Duration atMost) {
    Await.until(
        count + " stored", atMost, LOOK, () -> said(e -> e.state() == JobState.STORED) >= count);
  }

  /** Returns when this worker has said something of a job. */
  void awaitEvent(String worker, Duration atMost) {
    Await.until(
        "an event of " + worker,
        atMost,
        LOOK,
        () -> said(event -> event.worker().filter(worker::equals).isPresent()) > 0);
  }

  private long said(Predicate<JobEvent> wanted) {
    return events.latest().values().stream().filter(wanted).count();
  }

  /** Returns when the queue is empty and every one of the jobs has ended. */
  void awaitEnd(Collection<String> ids, Duration atMost) {
    Await.until("the queue is empty", atMost, LOOK, () -> depth() == 0);
    Await.until("all jobs have ended", atMost, LOOK, () -> haveEnded(ids));
  }

  private boolean haveEnded(Collection<String> ids) {
    JobStateTracker jobs = new JobStateTracker(ids);
    jobs.apply(board().read().jobs().values());
    jobs.ask(store);
    return jobs.counts().isOver();
  }

  /** Everything is accounted for, and every picture is what one process makes of its job. */
  AuditReport audited() {
    AuditReport report = audit();
    assertThat(alone(1).differences(store)).isEmpty();
    return report;
  }

  /** Everything is accounted for. */
  AuditReport audit() {
    Collection<String> published = new KafkaPublishedJobs(farm.kafka(), QUEUE).names();
    Audit audit = new Audit(store, board(), true);
    AuditReport report = audit.ofQueue(published, depth() == 0);
    assertThat(report.violations()).isEmpty();
    assertThat(report.of(JobOutcome.OPEN) + report.of(JobOutcome.LOST)).isZero();
    return report;
  }

  /** Renders one job in {@code each} again, without a farm. */
  SinglePicture alone(int each) {
    return new SinglePicture(folder.resolve("alone"), each);
  }

  JobStateReader board() {
    return new JobStateReader(events, farm.deadLetters());
  }

  @Override
  public void close() {
    workers.forEach(Child::close);
    lag.close();
    events.close();
    store.close();
    mistreated.close();
    closeBroker.run();
  }
}
