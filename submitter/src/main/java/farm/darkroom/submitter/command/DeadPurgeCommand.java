package farm.darkroom.submitter.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.submitter.control.Purge;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code darkroom dead purge}. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Delete all dead letters of the queue; their jobs can no longer be redriven.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom dead purge", "  darkroom dead purge --queue posters"})
public final class DeadPurgeCommand implements Callable<Integer> {
  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    farm.verify();
    PrintWriter out = spec.commandLine().getOut();
    try (EventLog events = farm.events()) {
      long deleted = new Purge(events, farm.deadLetters(), Clock.systemUTC()).purge();
      out.println(Counted.of(deleted, "dead letter") + " deleted");
    }
    out.flush();
    return 0;
  }
}
