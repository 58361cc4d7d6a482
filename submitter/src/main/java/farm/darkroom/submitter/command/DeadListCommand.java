package farm.darkroom.submitter.command;

import farm.darkroom.common.queue.EventLog;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.watch.DeadJob;
import farm.darkroom.submitter.watch.JobBoard;
import java.io.PrintWriter;
import java.util.List;
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
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom dead list", "  darkroom dead list --json"})
public final class DeadListCommand implements Callable<Integer> {
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
      List<DeadJob> dead = new JobBoard(events, farm.deadLetters()).read().dead();
      dead.forEach(job -> out.println(json ? DeadLine.json(job).toString() : DeadLine.text(job)));
      if (dead.isEmpty()) {
        spec.commandLine().getErr().println("no dead jobs");
      }
    }
    out.flush();
    return 0;
  }
}
