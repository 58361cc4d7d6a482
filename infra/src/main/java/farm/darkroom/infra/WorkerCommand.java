package farm.darkroom.infra;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.kafka.LeaseSettings;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.infra.serving.ShutdownSignal;
import farm.darkroom.infra.supervisor.Devices;
import farm.darkroom.infra.supervisor.Supervisor;
import farm.darkroom.infra.supervisor.WorkerHandle;
import farm.darkroom.infra.supervisor.WorkerProcess;
import farm.darkroom.infra.supervisor.WorkerSpec;
import farm.darkroom.submitter.command.DrainCommand;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.worker.Connections;
import farm.darkroom.worker.Worker;
import farm.darkroom.worker.WorkerSettings;
import farm.darkroom.worker.command.EngineOptions;
import farm.darkroom.worker.command.WorkerOptions;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.engine.Gpus;
import farm.darkroom.worker.render.input.FileCache;
import farm.darkroom.worker.render.input.StoredInputs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code darkroom worker}. */
@Command(
    name = "worker",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    subcommands = DrainCommand.class,
    header = "Take jobs off the queue, render them here and store the pictures.",
    description =
        "Runs until it is told to stop (ctrl-C, SIGTERM) or drained; the job it holds"
            + " then goes back to the queue. It waits for a broker or a store that does not"
            + " answer: two minutes while it starts, for ever once it runs.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom worker --models /srv/models --device cuda:0",
      "  darkroom worker --models /srv/models --devices all --health-port 9464",
      "  darkroom worker --queue posters --dtype bfloat16 --threads 8"
    })
public final class WorkerCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  private static final long LOOK_MILLIS = 200;

  /** Above a worker's own grace, for the JVM to end. */
  private static final Duration LEAVING = Duration.ofSeconds(2);

  @Option(
      names = "--devices",
      paramLabel = "LIST",
      order = -1,
      description =
          "one worker process for each of these devices: all (every GPU, or the cpu if"
              + " there is none) or a list such as cuda:0,cuda:1; one that dies is restarted."
              + " Health ports then count up from --health-port")
  private String devices;

  @Option(names = WorkerProcess.WITH_PARENT, paramLabel = "PID", hidden = true)
  private Long parent;

  @Mixin private EngineOptions engine;
  @Mixin private WorkerOptions worker;
  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Farm typed = options.farm();
    Farm farm = new Farm(typed.kafka(), withLongTimeouts(typed.s3()), typed.queue());
    EngineSettings compute = engine.settingsHere(System.getenv());
    WorkerSettings settings = worker.settings(farm.queue(), compute.device());
    leaveWithParent();
    StartupRetry startup = startup();
    LeaseSettings unused = startup.untilAnswered(farm::verify);
    if (devices != null) {
      return supervise(specs(settings), settings.grace());
    }
    Clock clock = Clock.systemUTC();
    try (S3ResultStore store = farm.store()) {
      startup.untilAnswered(() -> verified(store));
      StoredInputs inputs = new StoredInputs(farm.s3().bucket(), store, cache(clock));
      try (Renderer renderer =
          engine.renderer(System.getenv(), inputs, clock, worker.previewVae())) {
        return serve(farm, startup, store, renderer, settings, clock);
      }
    }
  }

  private static FileCache cache(Clock clock) {
    Path home = Path.of(System.getProperty("user.home"));
    return FileCache.ofThisMachine(System.getenv(), home, clock);
  }

  /** A supervised worker waits for as long as its parent, which did not end either. */
  private StartupRetry startup() {
    PrintWriter err = spec.commandLine().getErr();
    Optional<Duration> most =
        parent == null ? Optional.of(StartupRetry.PATIENCE) : Optional.empty();
    return StartupRetry.of(most, line -> err.println("worker: " + line));
  }

  private static boolean verified(S3ResultStore store) {
    store.bucket().verify();
    return true;
  }

  /**
   * Opens the stop orders. A standing order to drain a worker of this name was meant for an earlier
   * one.
   */
  private static KafkaStopOrders orders(Farm farm, WorkerSettings settings, Clock clock) {
    KafkaStopOrders orders = new KafkaStopOrders(farm.kafka(), clock);
    try {
      orders.arrive(settings.id());
      return orders;
    } catch (FarmException e) {
      orders.close();
      throw e;
    }
  }

  private int serve(
      Farm farm,
      StartupRetry startup,
      S3ResultStore store,
      Renderer renderer,
      WorkerSettings settings,
      Clock clock) {
    try (ShutdownHook shutdown = new ShutdownHook();
        KafkaStopOrders orders = startup.untilAnswered(() -> orders(farm, settings, clock));
        EventLog events = farm.events();
        ProgressLog progress = farm.progress();
        JobPublisher publisher = farm.publisher();
        KafkaJobQueue queue =
            startup.untilAnswered(() -> new KafkaJobQueue(farm.kafka(), farm.queue()))) {
      Connections connections = new Connections(queue, publisher, store, events, progress, orders);
      Worker work = new Worker(settings, connections, renderer, clock);
      shutdown.stops(work);
      logSettings(settings, renderer);
      return exitCode(work.run());
    }
  }

  private void logSettings(WorkerSettings settings, Renderer renderer) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "worker %s on %s: queue %s, models %s%n",
        settings.id(), settings.device(), settings.queue(), String.join(", ", renderer.models()));
    out.flush();
  }

  private List<WorkerSpec> specs(WorkerSettings settings) {
    ParseResult typed = spec.commandLine().getParseResult();
    if (typed.hasMatchedOption("--device")) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT, "--device and --devices exclude each other");
    }
    return new DeviceWorkers(typed, settings.id(), Devices.of(devices, Gpus::count)).specs();
  }

  private int supervise(List<WorkerSpec> specs, Duration grace)
      throws IOException, InterruptedException {
    WorkerHandle.Launcher launcher =
        WorkerProcess.launcher(Map.of(), Optional.empty(), grace.plus(LEAVING));
    try (ShutdownSignal end = ShutdownSignal.listen("worker", grace.plus(LEAVING.multipliedBy(2)));
        Supervisor workers = new Supervisor(specs, launcher, System::nanoTime)) {
      do {
        workers.startMissingWhileAnyWorks();
      } while (!workers.hasLeft() && !end.cameWithin(LOOK_MILLIS));
    }
    return 0;
  }

  private void leaveWithParent() {
    if (parent != null) {
      CompletableFuture<?> unused =
          ProcessHandle.of(parent)
              .map(ProcessHandle::onExit)
              .orElseGet(() -> CompletableFuture.completedFuture(null))
              .thenRun(() -> System.exit(FAILED));
    }
  }

  private int exitCode(Optional<FarmException> why) {
    why.ifPresent(e -> spec.commandLine().getErr().println("worker: gave up: " + e.getMessage()));
    return why.isPresent() ? FAILED : 0;
  }

  /** Workers can wait longer than users at a terminal, for whom the timeouts are short. */
  private static S3Settings withLongTimeouts(S3Settings s3) {
    boolean hasty = s3.timeout().compareTo(S3Settings.DEFAULT_TIMEOUT) < 0;
    return hasty ? s3.withTimeout(S3Settings.DEFAULT_TIMEOUT) : s3;
  }
}
