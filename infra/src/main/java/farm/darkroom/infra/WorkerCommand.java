package farm.darkroom.infra;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.submitter.command.DrainCommand;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.worker.Connections;
import farm.darkroom.worker.Renderer;
import farm.darkroom.worker.Worker;
import farm.darkroom.worker.WorkerSettings;
import farm.darkroom.worker.command.EngineOptions;
import farm.darkroom.worker.command.WorkerOptions;
import farm.darkroom.worker.render.EngineSettings;
import farm.darkroom.worker.render.FileCache;
import farm.darkroom.worker.render.StoredInputs;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
        "Runs until it is told to stop (ctrl-C, SIGTERM) or drained; the job it holds then goes"
            + " back to the queue.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom worker --models /srv/models --device cuda:0",
      "  darkroom worker --queue posters --dtype bfloat16 --threads 8 --health-port 9464"
    })
public final class WorkerCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  @Mixin private EngineOptions engine;
  @Mixin private WorkerOptions worker;
  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm typed = options.farm();
    Farm farm = new Farm(typed.kafka(), patient(typed.s3()), typed.queue());
    EngineSettings compute = engine.settings(System.getenv());
    WorkerSettings settings = worker.settings(farm.queue(), compute.device());
    farm.verify();
    Clock clock = Clock.systemUTC();
    try (S3ResultStore store = farm.store()) {
      store.bucket().verify();
      StoredInputs inputs = new StoredInputs(farm.s3().bucket(), store, cache(clock));
      try (Renderer renderer = engine.renderer(System.getenv(), inputs, clock)) {
        return serve(farm, store, renderer, settings, clock);
      }
    }
  }

  private static FileCache cache(Clock clock) {
    Path home = Path.of(System.getProperty("user.home"));
    return FileCache.ofThisMachine(System.getenv(), home, clock);
  }

  private int serve(
      Farm farm, S3ResultStore store, Renderer renderer, WorkerSettings settings, Clock clock) {
    try (Departure departure = new Departure();
        KafkaStopOrders orders = new KafkaStopOrders(farm.kafka(), clock);
        EventLog events = farm.events();
        ProgressLog progress = farm.progress(clock);
        JobPublisher publisher = farm.publisher();
        KafkaJobQueue queue = new KafkaJobQueue(farm.kafka(), farm.queue())) {
      Connections connections = new Connections(queue, publisher, store, events, progress, orders);
      Worker work = new Worker(settings, connections, renderer, clock);
      departure.stops(work);
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "worker %s on %s: queue %s, models %s%n",
          settings.id(), settings.device(), farm.queue(), String.join(", ", renderer.models()));
      out.flush();
      return exitCode(work.run());
    }
  }

  private int exitCode(Optional<FarmException> why) {
    why.ifPresent(e -> spec.commandLine().getErr().println("worker: gave up: " + e.getMessage()));
    return why.isPresent() ? FAILED : 0;
  }

  /** A worker has time: what is given up early at a terminal is waited for here. */
  private static S3Settings patient(S3Settings s3) {
    boolean hasty = s3.timeout().compareTo(S3Settings.DEFAULT_TIMEOUT) < 0;
    return hasty ? s3.withTimeout(S3Settings.DEFAULT_TIMEOUT) : s3;
  }
}
