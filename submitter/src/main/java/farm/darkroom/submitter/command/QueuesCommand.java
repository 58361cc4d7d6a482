package farm.darkroom.submitter.command;

import farm.darkroom.submitter.farm.FarmOptions;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom queues}. */
@Command(
    name = "queues",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Show all queues of the broker; pause one, or let it go on.",
    description =
        "Dead letters are counted until 'dead purge', including those of jobs that"
            + " were redriven since; 'dead list' shows the jobs that are dead now.",
    subcommands = {QueuePauseCommand.class, QueueResumeCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom queues --json", "  darkroom queues pause posters"})
public final class QueuesCommand implements Callable<Integer> {
  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (QueueReader reader = new QueueReader(options.farm(), Clock.systemUTC())) {
      reader.read().forEach(line -> out.println(json ? line.json().toString() : line.text()));
    }
    out.flush();
    return 0;
  }
}
