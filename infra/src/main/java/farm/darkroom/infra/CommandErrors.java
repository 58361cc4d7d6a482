package farm.darkroom.infra;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.ForeignNames;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.NearMiss;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.submitter.farm.FarmOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Answers mistyped commands and commands that failed: one line and an exit code for each. */
final class CommandErrors {
  /** Picocli's message, prefixed with the command's name. */
  private static final Pattern PREFIX = Pattern.compile("^Error: ");

  private static final Pattern CHOICE =
      Pattern.compile("expected one of \\[(.*)] \\(case-insensitive\\) but was '(.*)'$");

  private CommandErrors() {}

  /** One line instead of the whole usage text, which is shown only without a command. */
  static int refuse(ParameterException wrong) {
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
    Set<String> known =
        isOption(typed)
            ? command.getCommandSpec().optionsMap().keySet()
            : command.getSubcommands().keySet();
    String hint =
        misplacedHint(typed, command.getCommandSpec())
            .or(() -> ForeignNames.flag(typed, known).map(NearMiss::hint))
            .orElseGet(() -> NearMiss.hint(typed, known));
    return "Unknown %s: %s%s".formatted(what(typed, command), Found.quoted(typed), hint);
  }

  private static boolean isOption(String typed) {
    return typed.startsWith("-");
  }

  private static String what(String typed, CommandLine command) {
    if (isOption(typed)) {
      return "option";
    }
    return command.getSubcommands().isEmpty() ? "argument" : "command";
  }

  /** A hint for a batch or a prompt that is typed as another command takes it. */
  private static Optional<String> misplacedHint(String typed, CommandSpec command) {
    boolean takesBatch =
        command.positionalParameters().stream()
            .anyMatch(argument -> argument.paramLabel().contains("BATCH"));
    if (typed.equals("--batch") && takesBatch) {
      return Optional.of("; a batch is named without it: " + command.qualifiedName() + " NAME");
    }
    boolean takesJobFile =
        command.positionalParameters().stream()
            .anyMatch(argument -> argument.paramLabel().equals("JOB.json"));
    if (typed.equals("--prompt") && takesJobFile) {
      return Optional.of(
          "; the prompt stands in the job's file, such as {\"model\": \"demo\", \"prompt\": \"a red cube\"}");
    }
    boolean takesPrompt = command.optionsMap().containsKey("--prompt");
    return takesPrompt && !isOption(typed)
        ? Optional.of("; a prompt is typed in quotes behind --prompt")
        : Optional.empty();
  }

  /** Users need not know that a number is an int. */
  private static String inWords(String complaint) {
    Matcher choice = CHOICE.matcher(complaint);
    if (choice.find()) {
      String allowed = choice.group(1).toLowerCase(Locale.ROOT);
      return "%sfound '%s', allowed: %s"
          .formatted(complaint.substring(0, choice.start()), choice.group(2), allowed);
    }
    return complaint
        .replaceFirst("'([+-]?\\d+)' is not an? (int|long)$", "'$1' has too many digits")
        .replaceFirst(" is not an? (int|long)$", " is not a whole number")
        .replaceFirst(" is not an? (float|double)$", " is not a number");
  }

  static int explain(Exception failure, CommandLine command) throws Exception {
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

  /** What to do where the JVM has too little memory of its own, such as for a million jobs. */
  static String outOfMemory(OutOfMemoryError failure) {
    long megabytes = Runtime.getRuntime().maxMemory() >> 20;
    return "out of memory (%s): Java had %d MB; DARKROOM_JAVA_OPTS=-Xmx%dg gives it more"
        .formatted(failure.getMessage(), megabytes, megabytes / 512 + 1);
  }

  /** Whether this JVM was told to end: what fails then was only cut off. */
  static boolean isEnding() {
    try {
      Thread none = new Thread(() -> {}, "none");
      Runtime.getRuntime().addShutdownHook(none);
      Runtime.getRuntime().removeShutdownHook(none);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
