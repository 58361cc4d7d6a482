package farm.darkroom.submitter.command;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.submit.StoredResults;
import farm.darkroom.submitter.watch.DeadJob;
import farm.darkroom.submitter.watch.JobStateReader;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom dead list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "List dead jobs, oldest first: id, when, attempts, worker, reason.",
    description =
        "One whose result is in the store all the same, put there by a worker that lost its lease,"
            + " is marked so; 'dead redrive' settles it. The store is asked about the first 1000.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom dead list", "  darkroom dead list --json"})
public final class DeadListCommand implements Callable<Integer> {
  private static final int MOST_ASKED = 1000;

  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    farm.verify();
    PrintWriter out = spec.commandLine().getOut();
    try (EventLog events = farm.events()) {
      List<DeadJob> dead = new JobStateReader(events, farm.deadLetters()).read().dead();
      Set<JobId> stored = stored(farm, dead);
      for (DeadJob job : dead) {
        boolean done = job.jobId().filter(stored::contains).isPresent();
        out.println(json ? DeadLine.json(job, done).toString() : DeadLine.text(job, done));
      }
      if (dead.isEmpty()) {
        spec.commandLine().getErr().println("no dead jobs");
      }
    }
    out.flush();
    return 0;
  }

  /** A store that is away keeps nobody from seeing what is dead. */
  private Set<JobId> stored(Farm farm, List<DeadJob> dead) {
    List<JobId> asked =
        dead.stream().flatMap(job -> job.jobId().stream()).limit(MOST_ASKED).toList();
    if (asked.isEmpty()) {
      return Set.of();
    }
    try (ResultStore store = farm.store()) {
      return new StoredResults(store).among(asked);
    } catch (FarmException e) {
      spec.commandLine().getErr().println("could not look for results: " + e.getMessage());
      return Set.of();
    }
  }
}
