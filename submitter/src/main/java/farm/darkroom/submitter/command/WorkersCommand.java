package farm.darkroom.submitter.command;

import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom workers}. */
@Command(
    name = "workers",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Show the workers of all queues: what each does, and which are sick or gone.",
    description =
        "A worker that has been silent for 10 seconds counts as gone; it is shown for"
            + " an hour. 'worker drain ID' lets one finish what it holds and leave.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom workers", "  darkroom workers --json"})
public final class WorkersCommand implements Callable<Integer> {
  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    Clock clock = Clock.systemUTC();
    PrintWriter out = spec.commandLine().getOut();
    try (ProgressLog progress = farm.progress()) {
      WorkerHeartbeats heartbeats = WorkerHeartbeats.read(progress, clock);
      heartbeats
          .beats()
          .forEach(
              beat ->
                  out.println(
                      json
                          ? WorkerLine.json(beat, heartbeats).toString()
                          : WorkerLine.text(beat, heartbeats)));
      if (heartbeats.beats().isEmpty()) {
        spec.commandLine().getErr().println("no workers");
      }
    }
    out.flush();
    return 0;
  }
}
