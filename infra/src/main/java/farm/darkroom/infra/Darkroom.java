package farm.darkroom.infra;

import farm.darkroom.common.FarmException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The one entry to every command of the farm. */
@Command(
    name = "darkroom",
    mixinStandardHelpOptions = true,
    versionProvider = Darkroom.Version.class,
    header = "A batch render farm for Stable Diffusion XL on Apache Kafka.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:what was typed, or what it names, is wrong; one line says what"
    })
public final class Darkroom {

  private Darkroom() {}

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** All commands, with exit codes and one-line errors. */
  static CommandLine commandLine() {
    return new CommandLine(new Darkroom())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
  }

  private static int explain(Exception failure, CommandLine command) throws Exception {
    if (!(failure instanceof FarmException farm)) {
      throw failure;
    }
    command.getErr().println(command.getCommandName() + ": " + farm.getMessage());
    return switch (farm.kind()) {
      case INVALID_JOB, STORE_UNAVAILABLE, QUEUE_UNAVAILABLE, WORKER_UNFIT ->
          CommandLine.ExitCode.USAGE;
      case OUT_OF_MEMORY, RENDER_FAILED -> CommandLine.ExitCode.SOFTWARE;
    };
  }

  /** The version of the jar, as Maven wrote it. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Darkroom.class.getPackage().getImplementationVersion();
      return new String[] {"darkroom " + (version == null ? "(unpackaged)" : version)};
    }
  }
}
