package farm.darkroom.submitter.command;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.fetch.FetchResult;
import farm.darkroom.submitter.fetch.Results;
import farm.darkroom.submitter.submit.Manifests;
import farm.darkroom.submitter.watch.BatchCounts;
import farm.darkroom.submitter.watch.JobStateReader;
import farm.darkroom.submitter.watch.JobStateTracker;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom status}. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Say where jobs stand: all of them and each batch, one batch's, or one job.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom status",
      "  darkroom status night",
      "  darkroom status 9k9c61p53yeeac1kecqb19qrjv --json"
    })
public final class StatusCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "BATCH|JOB",
      arity = "0..1",
      description = "default: everything, with the most recently active batches")
  private String name;

  @Option(names = "--json", description = "one JSON object")
  private boolean json;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  /** Whether all batches were looked for. */
  private boolean whole = true;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    Clock clock = Clock.systemUTC();
    farm.verify();
    try (ResultStore store = farm.store();
        EventLog events = farm.events();
        ProgressLog progress = farm.progress()) {
      JobStateReader.States states = new JobStateReader(events, farm.deadLetters()).read();
      WorkerHeartbeats heartbeats = WorkerHeartbeats.read(progress, clock);
      Optional<JobStatus> job = Optional.ofNullable(name).flatMap(id -> job(id, states, store));
      if (job.isPresent()) {
        print(json ? job.get().toJson().toString() : job.get().text(heartbeats));
        return job.get().damage().isPresent() ? 1 : 0;
      }
      FarmStatus status =
          name == null ? everything(states, heartbeats, store) : ofBatch(states, heartbeats, store);
      print(json ? status.toJson().toString() : status.text());
    }
    return whole ? 0 : 1;
  }

  private static Optional<JobStatus> job(
      String typed, JobStateReader.States states, ResultStore store) {
    return Optional.of(typed)
        .filter(JobId::looksLike)
        .map(id -> job(JobId.parse(id), states, store))
        .filter(JobStatus::isKnown)
        .or(() -> record(typed, states));
  }

  private static JobStatus job(JobId id, JobStateReader.States states, ResultStore store) {
    Optional<JobEvent> event = Optional.ofNullable(states.jobs().get(id.text()));
    FetchResult<RenderRecord> record =
        FetchResult.of(() -> new Results(store).find(id).map(Results.Result::record));
    return new JobStatus(id.text(), event, record.found(), record.damage());
  }

  /** The status of a record that is no job. */
  private static Optional<JobStatus> record(String typed, JobStateReader.States states) {
    return Optional.ofNullable(states.jobs().get(typed))
        .map(event -> new JobStatus(typed, Optional.of(event), Optional.empty(), Optional.empty()));
  }

  private FarmStatus everything(
      JobStateReader.States states, WorkerHeartbeats heartbeats, ResultStore store) {
    JobStateTracker all = new JobStateTracker(states.jobs().keySet());
    all.apply(states.jobs().values());
    List<BatchCounts> batches = new ArrayList<>(BatchCounts.of(states.jobs().values()));
    BatchesWithoutEvents unheard = unheard(store, batches, states.jobs().values());
    batches.addAll(unheard.read());
    return new FarmStatus(
        Optional.empty(), all.counts(), batches, unheard.unread(), heartbeats, states.dead());
  }

  private FarmStatus ofBatch(
      JobStateReader.States states, WorkerHeartbeats heartbeats, ResultStore store) {
    List<String> ids = batch(store);
    JobStateTracker jobs = new JobStateTracker(ids);
    jobs.apply(states.jobs().values());
    jobs.ask(store);
    Set<String> members = Set.copyOf(ids);
    return new FarmStatus(
        Optional.of(name),
        jobs.counts(),
        List.of(),
        0,
        heartbeats,
        states.dead().stream().filter(dead -> members.contains(dead.id())).toList());
  }

  /** A store that is away keeps nobody from seeing what events tell. */
  private BatchesWithoutEvents unheard(
      ResultStore store, List<BatchCounts> heard, Collection<JobEvent> jobs) {
    try {
      return BatchesWithoutEvents.of(store, heard, jobs, spec.commandLine().getErr()::println);
    } catch (FarmException e) {
      spec.commandLine().getErr().println("could not look for further batches: " + e.getMessage());
      whole = false;
      return new BatchesWithoutEvents(List.of(), 0);
    }
  }

  private List<String> batch(ResultStore store) {
    Manifests batches = new Manifests(store);
    return batches
        .find(name)
        .map(BatchManifest::ids)
        .orElseThrow(
            () ->
                FarmException.invalidJob(
                    "found '%s', which is no batch and no job%s"
                        .formatted(name, batches.nearest(name))));
  }

  private void print(String text) {
    spec.commandLine().getOut().println(text);
    spec.commandLine().getOut().flush();
  }
}
