package farm.darkroom.submitter.command;

import farm.darkroom.common.queue.EventLog;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.watch.JobStateReader;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom dead show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Show one dead job as JSON, with the record as it was published.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom dead show 9k9c61p53yeeac1kecqb19qrjv",
      "  darkroom dead show unkeyed-3f79bb7b435b05321651daefd3"
    })
public final class DeadShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "JOB", description = "an id that 'dead list' shows")
  private String id;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    farm.verify();
    PrintWriter out = spec.commandLine().getOut();
    try (EventLog events = farm.events()) {
      new JobStateReader(events, farm.deadLetters())
          .read().dead().stream()
              .filter(job -> job.id().equals(DeadCommand.named(id)))
              .findFirst()
              .ifPresentOrElse(
                  job -> out.println(DeadLine.whole(job).toPrettyString()),
                  () -> {
                    throw DeadCommand.notDead(id);
                  });
    }
    out.flush();
    return 0;
  }
}
