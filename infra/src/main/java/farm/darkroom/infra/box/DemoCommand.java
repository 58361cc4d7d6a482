package farm.darkroom.infra.box;

import farm.darkroom.common.Counted;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.OutputFolder;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.kafka.KafkaQueueStatus;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import farm.darkroom.infra.serving.ShutdownSignal;
import farm.darkroom.infra.supervisor.Supervisor;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.sheet.ContactSheet;
import farm.darkroom.submitter.submit.Submission;
import farm.darkroom.submitter.submit.SubmitRequest;
import farm.darkroom.submitter.watch.JobCounts;
import farm.darkroom.submitter.watch.ProgressOutput;
import farm.darkroom.submitter.watch.Watch;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Render a few pictures through a farm of its own, from submit to contact sheet.",
    description =
        "Starts a broker, a store and workers on free ports, submits a small grid of prompts, waits"
            + " for the pictures and stops everything again.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom demo", "  darkroom demo --count 16 --workers 2 --output pictures"})
public final class DemoCommand implements Callable<Integer> {
  private static final String BATCH = "demo";
  private static final int MOST = 10_000;
  private static final long LOOK_MILLIS = 250;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "8",
      description = "how many pictures (default ${DEFAULT-VALUE})")
  private int count;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "1",
      description = "how many workers share the queue (default ${DEFAULT-VALUE})")
  private int workers;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "DIR",
      defaultValue = "darkroom-demo",
      description = "where the pictures go (default ${DEFAULT-VALUE})")
  private Path output;

  @Mixin private BoxWorkerOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    BoxWorkerOptions.checkWorkers(workers, 1);
    options.check(System.getenv());
    if (count < 1 || count > MOST) {
      throw FarmException.invalidJob("--count: found %d, allowed: 1 to %d".formatted(count, MOST));
    }
    makeFolder();
    PrintWriter err = spec.commandLine().getErr();
    err.printf("demo: starting a broker, a store and %s ...%n", Counted.of(workers, "worker"));
    err.flush();
    try (ShutdownSignal end = ShutdownSignal.listen("demo", PATIENCE);
        TemporaryFolder folder = TemporaryFolder.create("darkroom-demo")) {
      EmbeddedKafka.beforeHalt(folder::discard);
      return run(folder.path(), end);
    }
  }

  private void makeFolder() {
    try {
      Files.createDirectories(OutputFolder.checked("--output", output));
    } catch (IOException e) {
      throw FarmException.invalidJob(
          "--output %s: no folder can be made there (%s)"
              .formatted(output, e.getClass().getSimpleName()));
    }
  }

  private int run(Path folder, ShutdownSignal end) throws IOException {
    List<RenderJob> jobs = DemoJobs.grid(count);
    Path logs = output.resolve("logs");
    try (FarmBox box = FarmBox.start(folder, 0, 0);
        Supervisor supervisor =
            options.supervisor(workers, logs, box.workerVariables(), List.of())) {
      supervisor.startMissing();
      Farm farm = box.farm();
      try (ResultStore store = farm.store();
          EventLog events = farm.events();
          ProgressLog progress = farm.progress()) {
        JobCounts counts =
            whileSupervised(supervisor, end, () -> render(farm, jobs, store, events, progress));
        if (!Watch.hasSucceeded(counts)) {
          throw new FarmException(
              FailureKind.RENDER_FAILED, counts + "; the workers' logs are in " + logs);
        }
        ContactSheet.write(output, "darkroom demo", new DemoPictures(store).write(jobs, output));
      }
    }
    spec.commandLine()
        .getOut()
        .printf("%s in %s%n", Counted.of(count, "picture"), output.resolve(ContactSheet.PAGE));
    return 0;
  }

  /**
   * Does the work in a thread of its own, while this one keeps the workers running and listens for
   * the shutdown signal.
   */
  private static JobCounts whileSupervised(
      Supervisor supervisor, ShutdownSignal end, Callable<JobCounts> work) throws IOException {
    FutureTask<JobCounts> rendering = new FutureTask<>(work);
    Thread thread = new Thread(rendering, "demo-watch");
    thread.setDaemon(true);
    thread.start();
    while (true) {
      try {
        if (end.cameWithin(0)) {
          throw new FarmException(FailureKind.RENDER_FAILED, "stopped before all were rendered");
        }
        return rendering.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        supervisor.startMissingOrFail();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof FarmException farm
            ? farm
            : new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new FarmException(FailureKind.RENDER_FAILED, "interrupted", e);
      }
    }
  }

  private JobCounts render(
      Farm farm, List<RenderJob> jobs, ResultStore store, EventLog events, ProgressLog progress) {
    Clock clock = Clock.systemUTC();
    try (JobPublisher publisher = farm.publisher()) {
      new Submission(store, events, publisher, clock)
          .submit(SubmitRequest.of(jobs, Optional.of(BATCH)));
    }
    List<String> ids = jobs.stream().map(job -> JobId.of(job).text()).toList();
    try (KafkaQueueStatus queue = new KafkaQueueStatus(farm.kafka(), farm.queue())) {
      return new Watch(
              store,
              events,
              farm.deadLetters(),
              progress,
              () -> queue.read().depth() == 0,
              clock,
              System::nanoTime)
          .until(ids, ProgressOutput.of(spec.commandLine().getErr()));
    }
  }
}
