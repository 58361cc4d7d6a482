package farm.darkroom.infra;

import farm.darkroom.common.json.Found;
import farm.darkroom.infra.box.DemoCommand;
import farm.darkroom.infra.box.UpCommand;
import farm.darkroom.infra.dashboard.DashboardCommand;
import farm.darkroom.infra.exporter.ExporterCommand;
import farm.darkroom.submitter.command.AuditCommand;
import farm.darkroom.submitter.command.CancelCommand;
import farm.darkroom.submitter.command.DeadCommand;
import farm.darkroom.submitter.command.ExportCommand;
import farm.darkroom.submitter.command.GetCommand;
import farm.darkroom.submitter.command.InitCommand;
import farm.darkroom.submitter.command.QueuesCommand;
import farm.darkroom.submitter.command.ResumeCommand;
import farm.darkroom.submitter.command.StatusCommand;
import farm.darkroom.submitter.command.SubmitCommand;
import farm.darkroom.submitter.command.WatchCommand;
import farm.darkroom.submitter.command.WorkersCommand;
import farm.darkroom.submitter.farm.VariableNames;
import farm.darkroom.worker.command.ModelCommand;
import farm.darkroom.worker.command.PlanCommand;
import farm.darkroom.worker.command.RenderCommand;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of every command. */
@Command(
    name = "darkroom",
    mixinStandardHelpOptions = true,
    header = "A batch render farm for Stable Diffusion XL on Apache Kafka.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      InitCommand.class,
      SubmitCommand.class,
      StatusCommand.class,
      WatchCommand.class,
      GetCommand.class,
      WorkerCommand.class,
      RenderCommand.class,
      ModelCommand.class,
      PlanCommand.class,
      ExportCommand.class,
      AuditCommand.class,
      CancelCommand.class,
      ResumeCommand.class,
      DeadCommand.class,
      QueuesCommand.class,
      WorkersCommand.class,
      DashboardCommand.class,
      ExporterCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  darkroom demo",
      "  darkroom up --workers 1",
      "  darkroom submit --prompt \"a red cube\" --count 4 --batch cubes --watch"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed",
      "2:what was typed, or what it names, is wrong; one line says why"
    })
public final class Darkroom {

  private Darkroom() {}

  public static void main(String[] arguments) {
    // Numbers go to programs as often as to people: they have the same digits everywhere.
    Locale.setDefault(Locale.ROOT);
    StandardOutput output = StandardOutput.install();
    int code = run(arguments);
    // Threads of the clients would keep a JVM alive that does nothing any more, after errors too.
    System.exit(code == CommandLine.ExitCode.OK && isResult(arguments) ? written(output) : code);
  }

  /** What a worker says is a log, and its exit code says whether it is to be started again. */
  private static boolean isResult(String[] arguments) {
    return arguments.length > 0 && !arguments[0].equals("worker");
  }

  private static int written(StandardOutput output) {
    Optional<String> writeError = output.writeError();
    writeError.ifPresent(
        why -> System.err.println("darkroom: standard output is not complete: " + why));
    return writeError.isPresent() ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
  }

  /** Runs a command and returns its exit code; never throws. */
  static int run(String[] arguments) {
    // Counts more than the variable.
    System.setProperty(LogSettings.FORM, LogSettings.form(System.getenv()));
    Optional<String> wrong = LogSettings.complaint(System.getenv()).or(() -> lost(arguments));
    if (wrong.isPresent()) {
      System.err.println("darkroom: " + wrong.get());
      return CommandLine.ExitCode.USAGE;
    }
    VariableNames.misspelt(System.getenv())
        .forEach(warning -> System.err.println("warning: " + warning));
    try {
      return commandLine().execute(helpAsOption(arguments));
    } catch (OutOfMemoryError e) {
      System.err.println("darkroom: " + CommandErrors.outOfMemory(e));
      return CommandLine.ExitCode.SOFTWARE;
    } catch (Error e) {
      if (!CommandErrors.isEnding()) {
        e.printStackTrace();
      }
      return CommandLine.ExitCode.SOFTWARE;
    }
  }

  /** {@code help submit} is {@code submit --help}. */
  static String[] helpAsOption(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals("help")) {
      return arguments;
    }
    return Stream.concat(Arrays.stream(arguments).skip(1), Stream.of("--help"))
        .toArray(String[]::new);
  }

  /**
   * Detects undecodable arguments, in whose place the JVM silently puts a replacement character.
   */
  private static Optional<String> lost(String[] arguments) {
    String encoding = System.getProperty("sun.jnu.encoding", "");
    return Arrays.stream(arguments)
        .filter(word -> word.contains("\uFFFD") && !encoding.equalsIgnoreCase("UTF-8"))
        .findFirst()
        .map(
            word ->
                "%s was typed with characters that are not in %s, the encoding of this locale; with LC_ALL=C.UTF-8 they are"
                    .formatted(Found.quoted(word), encoding));
  }

  /** All commands, with exit codes and one-line errors. */
  public static CommandLine commandLine() {
    CommandLine commands =
        new CommandLine(new Darkroom())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionStrategy(Darkroom::execute)
            .setParameterExceptionHandler((wrong, typed) -> CommandErrors.refuse(wrong))
            .setExecutionExceptionHandler(
                (failure, command, parsed) -> CommandErrors.explain(failure, command));
    HelpLayout.lay(commands, System.getenv());
    setVersion(commands);
    return commands;
  }

  /**
   * Refuses a mistyped command also where its help is asked for, which would show another one's.
   */
  private static int execute(ParseResult parsed) {
    CommandLine command = last(parsed).commandSpec().commandLine();
    List<String> unmatched = command.getUnmatchedArguments();
    boolean mistyped =
        !unmatched.isEmpty()
            && !unmatched.get(0).startsWith("-")
            && !command.getSubcommands().isEmpty();
    return mistyped
        ? CommandErrors.refuse(new UnmatchedArgumentException(command, unmatched))
        : new CommandLine.RunLast().execute(parsed);
  }

  private static ParseResult last(ParseResult parsed) {
    return parsed.hasSubcommand() ? last(parsed.subcommand()) : parsed;
  }

  private static void setVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new Version());
    command.getSubcommands().values().forEach(Darkroom::setVersion);
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
