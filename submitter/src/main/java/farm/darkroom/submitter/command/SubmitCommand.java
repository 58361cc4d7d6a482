package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.Counted;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.PromptWarnings;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.submit.LocalFiles;
import farm.darkroom.submitter.submit.Submission;
import farm.darkroom.submitter.submit.SubmitRequest;
import farm.darkroom.submitter.submit.SubmitResult;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom submit}. */
@Command(
    name = "submit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Put jobs on the queue and print their ids, one a line.",
    description =
        "All jobs are checked before the first is published; what is stored already is"
            + " skipped, so submitting the same jobs again fills gaps and duplicates nothing. What has"
            + " no flag, such as LoRA files, ControlNet and the refiner, is written into a file of jobs.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom submit --prompt \"a red cube\" --seed 7 --count 4 --watch",
      "  darkroom submit --file jobs.jsonl --batch night --priority low",
      "  darkroom submit --prompt \"a blue ball\" --image sketch.png --strength 0.6",
      "  darkroom submit --force --job 9k9c61p53yeeac1kecqb19qrjv"
    })
public final class SubmitCommand implements Callable<Integer> {
  @Mixin private JobFlags flags;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "jobs or sweeps: one JSON object a line, or one over several lines, or a list"
              + " of them; - for the standard input. The flags of a job, such as --steps, then"
              + " fill in what the jobs of the file leave out")
  private String file;

  @Option(
      names = "--job",
      paramLabel = "ID",
      description =
          "resubmit this earlier job unchanged, in its batch and on its lane; may be" + " repeated")
  private List<String> earlier = List.of();

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "each job N times, from N seeds (default 1)")
  private int count = 1;

  @Option(names = "--batch", paramLabel = "NAME", description = "the batch that the jobs belong to")
  private String batch;

  @Option(
      names = "--priority",
      paramLabel = "LANE",
      description = "high, normal or low (default normal)")
  private Lane priority;

  @Option(names = "--force", description = "delete what is stored of these jobs and render anew")
  private boolean force;

  @Option(
      names = "--dry-run",
      description =
          "check and print, but publish nothing; with --json, print the jobs too, sweeps"
              + " expanded")
  private boolean dryRun;

  @Option(
      names = "--watch",
      description = "then show how far they are until all are done; exit code 1 when one died")
  private boolean watch;

  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    LocalFiles files = new LocalFiles(farm.s3().bucket());
    SubmitRequest request = request(farm, files);
    PromptWarnings.of(request.jobs())
        .ifPresent(warning -> spec.commandLine().getErr().println("warning: " + warning));
    if (dryRun) {
      return checked(request);
    }
    farm.verify();
    refuseCancelled(farm, request);
    try (ResultStore store = farm.store();
        EventLog events = farm.events();
        JobPublisher publisher = farm.publisher()) {
      files.upload(store);
      SubmitResult done =
          new Submission(store, events, publisher, Clock.systemUTC()).submit(request);
      print(done, id -> line(request, done, id));
      return watch ? watch(farm, store, events, request, done) : 0;
    }
  }

  private SubmitRequest request(Farm farm, LocalFiles files) {
    Optional<String> named = Optional.ofNullable(batch);
    Optional<Lane> lane = Optional.ofNullable(priority);
    if (earlier.isEmpty()) {
      List<RenderJob> jobs =
          new JobSource(flags, Optional.ofNullable(file), count).read(files, named);
      return new SubmitRequest(jobs, named, lane.orElse(Lane.NORMAL), force);
    }
    if (!flags.isEmpty() || file != null || count != 1) {
      throw FarmException.invalidJob(
          "--job: resubmits jobs unchanged, so it cannot be combined with flags of a job");
    }
    EarlierJobs jobs = EarlierJobs.find(farm, earlier);
    return new SubmitRequest(jobs.jobs(), named.or(jobs::batch), lane.orElseGet(jobs::lane), force);
  }

  /** In JSON with the jobs themselves: sweeps expanded, seeds drawn, files named by their hash. */
  private int checked(SubmitRequest request) {
    Map<JobId, RenderJob> byId = new LinkedHashMap<>();
    request.jobs().forEach(job -> byId.putIfAbsent(JobId.of(job), job));
    SubmitResult all = new SubmitResult(List.copyOf(byId.keySet()), Set.of(), 0);
    print(all, id -> line(request, all, id).set("job", byId.get(id).toJson()));
    return 0;
  }

  private int watch(
      Farm farm, ResultStore store, EventLog events, SubmitRequest request, SubmitResult done) {
    return new WatchSession(farm, store, events)
        .until(
            done.ids().stream().map(JobId::text).toList(),
            request.batch(),
            spec.commandLine().getErr());
  }

  /** Workers would drop the jobs one after the other, and the submitter wonder why. */
  private static void refuseCancelled(Farm farm, SubmitRequest request) {
    try (StopOrders orders = new KafkaStopOrders(farm.kafka(), Clock.systemUTC())) {
      Set<StopOrder> standing = orders.standing();
      request
          .batch()
          .filter(batch -> standing.contains(new StopOrder(Scope.BATCH, batch)))
          .ifPresent(batch -> refuseCancelled("batch", batch));
      if (standing.stream().noneMatch(stop -> stop.scope() == Scope.JOB)) {
        return;
      }
      request.jobs().stream()
          .map(job -> JobId.of(job).text())
          .filter(id -> standing.contains(new StopOrder(Scope.JOB, id)))
          .findFirst()
          .ifPresent(id -> refuseCancelled("job", id));
    }
  }

  private static void refuseCancelled(String what, String name) {
    throw FarmException.invalidJob(
        "%s '%s' is cancelled; 'darkroom resume %s' takes it back".formatted(what, name, name));
  }

  private void print(SubmitResult done, Function<JobId, JsonNode> line) {
    PrintWriter out = spec.commandLine().getOut();
    done.ids().forEach(id -> out.println(json ? line.apply(id) : id.text()));
    out.flush();
    spec.commandLine().getErr().println(summary(done));
  }

  private ObjectNode line(SubmitRequest request, SubmitResult done, JobId id) {
    ObjectNode line = Json.object();
    line.put("id", id.text());
    line.put("state", state(done, id));
    request.batch().ifPresent(name -> line.put("batch", name));
    return line;
  }

  private String state(SubmitResult done, JobId id) {
    if (dryRun) {
      return "checked";
    }
    return done.stored().contains(id) ? "stored" : "queued";
  }

  private String summary(SubmitResult done) {
    String repeated = done.repeated() == 0 ? "" : ", " + done.repeated() + " given twice";
    return dryRun
        ? Counted.of(done.ids().size(), "job") + " checked; nothing was published (--dry-run)"
        : "%d queued, %d stored already%s"
            .formatted(done.published(), done.stored().size(), repeated);
  }
}
