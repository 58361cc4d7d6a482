package farm.darkroom.infra;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.ForeignNames;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.NearMiss;
import farm.darkroom.common.store.S3Settings;
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
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.worker.command.ModelCommand;
import farm.darkroom.worker.command.PlanCommand;
import farm.darkroom.worker.command.RenderCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point of every command. */
@Command(
    name = "darkroom",
    mixinStandardHelpOptions = true,
    versionProvider = Darkroom.Version.class,
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

  /** Picocli's message, prefixed with the command's name. */
  private static final Pattern PREFIX = Pattern.compile("^Error: ");

  private static final Pattern CHOICE =
      Pattern.compile("expected one of \\[(.*)] \\(case-insensitive\\) but was '(.*)'$");

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
    try {
      return commandLine().execute(helpAsOption(arguments));
    } catch (Error e) {
      if (!isEnding()) {
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

  /** Whether this JVM was told to end: what fails then was only cut off. */
  private static boolean isEnding() {
    try {
      Thread none = new Thread(() -> {}, "none");
      Runtime.getRuntime().addShutdownHook(none);
      Runtime.getRuntime().removeShutdownHook(none);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  /** All commands, with exit codes and one-line errors. */
  public static CommandLine commandLine() {
    CommandLine commands =
        new CommandLine(new Darkroom())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler((wrong, typed) -> refuse(wrong))
            .setExecutionExceptionHandler((failure, command, parsed) -> explain(failure, command));
    HelpLayout.lay(commands, System.getenv());
    return commands;
  }

  /** One line instead of the whole usage text, which is shown only without a command. */
  private static int refuse(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    if (!(wrong instanceof UnmatchedArgumentException) && command.getParent() == null) {
      command.usage(command.getErr());
      return CommandLine.ExitCode.USAGE;
    }
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println(name + ": " + complaint(wrong) + "; '" + name + " --help' shows how");
    return CommandLine.ExitCode.USAGE;
  }

  private static String complaint(ParameterException wrong) {
    if (!(wrong instanceof UnmatchedArgumentException unmatched)) {
      return inWords(PREFIX.matcher(wrong.getMessage()).replaceFirst(""));
    }
    String typed = unmatched.getUnmatched().get(0);
    CommandLine command = wrong.getCommandLine();
    boolean option = typed.startsWith("-");
    boolean subcommand = !option && !command.getSubcommands().isEmpty();
    String what = option ? "Unknown option" : subcommand ? "Unknown command" : "Unknown argument";
    Set<String> known =
        option ? command.getCommandSpec().optionsMap().keySet() : command.getSubcommands().keySet();
    String hint =
        misplacedHint(typed, command.getCommandSpec())
            .or(() -> ForeignNames.flag(typed, known).map(NearMiss::hint))
            .orElseGet(() -> NearMiss.hint(typed, known));
    return "%s: %s%s".formatted(what, Found.quoted(typed), hint);
  }

  /** A hint for a batch typed as an option, or a prompt typed without one. */
  private static Optional<String> misplacedHint(String typed, CommandSpec command) {
    boolean takesBatch =
        command.positionalParameters().stream()
            .anyMatch(argument -> argument.paramLabel().contains("BATCH"));
    if (typed.equals("--batch") && takesBatch) {
      return Optional.of("; a batch is named without it: " + command.qualifiedName() + " NAME");
    }
    boolean takesPrompt = command.optionsMap().containsKey("--prompt");
    return takesPrompt && !typed.startsWith("-")
        ? Optional.of("; a prompt is typed in quotes behind --prompt")
        : Optional.empty();
  }

  /** Users need not know that a number is an int. */
  private static String inWords(String complaint) {
    Matcher choice = CHOICE.matcher(complaint);
    if (choice.find()) {
      String allowed = choice.group(1).toLowerCase(Locale.ROOT);
      return "%s'%s'; allowed: %s"
          .formatted(complaint.substring(0, choice.start()), choice.group(2), allowed);
    }
    return complaint
        .replaceFirst("'([+-]?\\d+)' is not an? (int|long)$", "'$1' has too many digits")
        .replaceFirst(" is not an? (int|long)$", " is not a whole number")
        .replaceFirst(" is not an? (float|double)$", " is not a number");
  }

  private static int explain(Exception failure, CommandLine command) throws Exception {
    String name = command.getCommandSpec().qualifiedName();
    if (failure instanceof UncheckedIOException || failure instanceof IOException) {
      command.getErr().println(name + ": " + DiskReason.of(failure));
      return CommandLine.ExitCode.SOFTWARE;
    }
    if (failure instanceof InvalidPathException path) {
      command
          .getErr()
          .println(
              name + ": " + Found.quoted(path.getInput()) + " is no path: " + path.getReason());
      return CommandLine.ExitCode.USAGE;
    }
    if (!(failure instanceof FarmException farm)) {
      return cutOff(failure);
    }
    command.getErr().println(name + ": " + farmHint(farm, command) + farm.getMessage());
    return switch (farm.kind()) {
      case INVALID_JOB, STORE_UNAVAILABLE, QUEUE_UNAVAILABLE, WORKER_UNFIT ->
          CommandLine.ExitCode.USAGE;
      case OUT_OF_MEMORY, RENDER_FAILED -> CommandLine.ExitCode.SOFTWARE;
    };
  }

  private static int cutOff(Exception failure) throws Exception {
    if (isEnding()) {
      return CommandLine.ExitCode.SOFTWARE;
    }
    throw failure;
  }

  /**
   * A hint for commands that were started in the wrong folder without naming a farm, and would see
   * nothing but a timeout.
   */
  private static String farmHint(FarmException failure, CommandLine command) {
    boolean away = failure.isTransient() || S3Settings.isMissingIn(failure);
    return away ? FarmOptions.of(command).map(FarmOptions::farmHint).orElse("") : "";
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
