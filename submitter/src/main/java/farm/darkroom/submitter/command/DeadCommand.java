package farm.darkroom.submitter.command;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code darkroom dead}: the jobs that the queue gave up. */
@Command(
    name = "dead",
    mixinStandardHelpOptions = true,
    header = "List, look at, put back or delete the jobs that the queue gave up.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DeadListCommand.class,
      DeadShowCommand.class,
      DeadRedriveCommand.class,
      DeadPurgeCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom dead list", "  darkroom dead redrive --reason WORKER_UNFIT"})
public final class DeadCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "found no command, allowed: list, show, redrive and purge");
  }

  static FarmException notDead(String id) {
    return FarmException.invalidJob("found '" + id + "', which is no dead job of this queue");
  }

  /** What a dead job is called that somebody typed: ids may be in any case. */
  static String named(String typed) {
    return JobId.looksLike(typed) ? JobId.parse(typed).text() : typed;
  }
}
