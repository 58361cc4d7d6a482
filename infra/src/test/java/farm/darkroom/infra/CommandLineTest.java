package farm.darkroom.infra;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import farm.darkroom.submitter.farm.FarmOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What the command line says of itself, and to who mistypes. */
class CommandLineTest {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  @TempDir static Path folder;

  @Test
  void noCommandPrintsUsage() {
    Typed bare = Typed.run();
    assertThat(bare.code()).isEqualTo(2);
    assertThat(bare.out()).isEmpty();
    assertThat(bare.err()).contains("Usage: darkroom", "submit", "worker", "Examples:");
  }

  @ParameterizedTest
  @CsvSource({
    "sumbit, Unknown command: \"sumbit\"; did you mean submit?",
    "worke, Unknown command: \"worke\"; did you mean worker?",
    "xyzzy, Unknown command: \"xyzzy\""
  })
  void aCommandThatIsNoneIsNamedWithTheNearest(String typed, String said) {
    Typed answer = Typed.run(typed);
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).hasLineCount(1).contains(said);
  }

  @ParameterizedTest
  @CsvSource({
    "model nope --help, Unknown command: \"nope\"",
    "sumbit --help, Unknown command: \"sumbit\"; did you mean submit?",
    "dead lst --help, Unknown command: \"lst\"; did you mean list?"
  })
  void helpOfACommandThatIsNoneIsRefused(String typed, String said) {
    Typed answer = Typed.run(typed.split(" "));
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).hasLineCount(1).contains(said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "submit --version", "dead list --version", "model -V"})
  void everyCommandTellsTheVersion(String typed) {
    Typed answer = Typed.run(typed.split(" "));
    assertThat(answer.code()).isZero();
    assertThat(answer.out()).startsWith("darkroom ");
  }

  @Test
  void invalidPathIsReportedInOneLine() {
    Typed answer = Typed.run("submit", "--dry-run", "--file", "a\0b");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).hasLineCount(1).contains("is no path");
  }

  @ParameterizedTest
  @CsvSource({
    "--cfg-scale, --guidance",
    "--guidance_scale, --guidance",
    "--num_inference_steps, --steps",
    "--sampler, --scheduler",
    "--num-images-per-prompt, --count"
  })
  void anOptionOfAnotherProgramIsNamedWithOurs(String typed, String flag) {
    assertThat(Typed.run("submit", "--prompt", "a cube", typed, "7").err())
        .hasLineCount(1)
        .contains("Unknown option: \"%s\"; did you mean %s?".formatted(typed, flag));
  }

  @Test
  void sizeSuggestsWidthAndHeight() {
    assertThat(Typed.run("submit", "--prompt", "a cube", "--size", "512").err())
        .contains("Unknown option: \"--size\"; did you mean --width and --height?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "watch", "cancel", "resume", "audit", "export"})
  void batchOptionWhereTheBatchIsAnArgument(String command) {
    assertThat(Typed.run(command, "--batch", "night").err())
        .hasLineCount(1)
        .contains("a batch is named without it: darkroom " + command + " NAME");
  }

  @Test
  void promptWithoutItsOption() {
    assertThat(Typed.run("submit", "a red cube").err())
        .hasLineCount(1)
        .contains("Unknown argument: \"a red cube\"; a prompt is typed in quotes behind --prompt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"render", "plan"})
  void promptWhereAJobIsAFile(String command) {
    assertThat(Typed.run(command, "--prompt", "a red cube").err())
        .hasLineCount(1)
        .contains("Unknown option: \"--prompt\"; the prompt stands in the job's file, such as {");
  }

  @Test
  void unknownChoiceListsTheAllowedOnes() {
    assertThat(Typed.run("submit", "--prompt", "a cube", "--priority", "urgent").err())
        .contains("--priority': found 'urgent', allowed: high, normal, low;");
    assertThat(Typed.run("up", "--residency", "$1\\").err())
        .contains("--residency': found '$1\\', allowed: resident, model, sequential;");
  }

  @Test
  void helpAsACommand() {
    assertThat(Darkroom.helpAsOption("help", "worker", "drain"))
        .containsExactly("worker", "drain", "--help");
    assertThat(Darkroom.helpAsOption("help")).containsExactly("--help");
    assertThat(Darkroom.helpAsOption("submit", "help")).containsExactly("submit", "help");
  }

  /** The workers would be restarted for ever, and only their logs would say why. */
  @ParameterizedTest
  @CsvSource({
    "up, --dtype, fp16, 'dtype: found ''fp16'', allowed: auto'",
    "up, --models, nowhere, models folder nowhere: there is no such folder",
    "up, --memory-limit, 4, '--memory-limit: found ''4'', allowed: sizes'",
    "demo, --device, gpu, 'device: found ''gpu'', allowed'",
    "demo, --device, cuda:999, 'device: found cuda:999, allowed: cpu'",
    "demo, --threads, 0, 'threads: found 0, allowed: 1 to'",
    "up, --workers, 65, '--workers: found 65, allowed: 0 to 64'"
  })
  void optionsThatWorkersRefuseStartNoBox(
      String command, String option, String value, String said) {
    Path box = folder.resolve("box");
    String into = command.equals("up") ? "--data" : "--output";
    Typed answer = Typed.run(command, option, value, into, box.toString());
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).hasLineCount(1).contains(said);
    assertThat(box).doesNotExist();
  }

  /** Before it speaks to a farm. */
  @Test
  void aWorkerOnADeviceThatIsNotHereIsRefusedAtOnce() {
    Typed answer = Typed.run("worker", "--device", "cuda:999", "--kafka", "nowhere.invalid:9092");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err())
        .hasLineCount(1)
        .contains("device: found cuda:999, allowed: cpu", " (libtorch finds ");
  }

  @Test
  void unknownOptionSuggestsTheNearest() {
    assertThat(Typed.run("submit", "--promt", "a cube").err())
        .hasLineCount(1)
        .contains("Unknown option: \"--promt\"; did you mean --prompt?");
    assertThat(Typed.run("status", "a", "b").err()).contains("Unknown argument: \"b\"");
  }

  @ParameterizedTest
  @CsvSource({"--kafka-port, 99999", "--s3-port, 65536", "--dashboard-port, -1"})
  void aPortThatIsNoneIsRefusedInOneLine(String option, String port) {
    Typed answer = Typed.run("up", option, port);
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err())
        .hasLineCount(1)
        .contains("%s: found %s, allowed: 0 to 65535".formatted(option, port));
  }

  @Test
  void missingModelFolderIsAUsageError() {
    Typed answer = Typed.run("model", "list", "--models", "nowhere");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).hasLineCount(1).contains("--models nowhere: there is no such folder");
  }

  @ParameterizedTest
  @CsvSource({
    "--steps, is not a whole number",
    "--seed, is not a whole number",
    "--guidance, is not a number"
  })
  void aNumberThatIsNoneIsSaidInWords(String option, String said) {
    assertThat(Typed.run("submit", option, "abc").err())
        .contains("Invalid value for option '%s': 'abc' %s;".formatted(option, said));
  }

  @Test
  void overlongNumberIsPrintedWhole() {
    assertThat(Typed.run("submit", "--seed", "9".repeat(20)).err())
        .contains(
            "Invalid value for option '--seed': '%s' has too many digits;"
                .formatted("9".repeat(20)));
  }

  @Test
  void shardSizeIsRefusedForFormatsWithoutShards() {
    Typed answer = Typed.run("export", "night", "--shard", "5");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err())
        .hasLineCount(1)
        .contains("--shard: allowed only with --format webdataset");
  }

  @Test
  void versionIsPrinted() {
    assertThat(Typed.run("--version").out()).startsWith("darkroom ");
  }

  static Stream<CommandLine> commands() {
    return all(Darkroom.commandLine());
  }

  private static Stream<CommandLine> all(CommandLine command) {
    return Stream.concat(
        Stream.of(command),
        command.getSubcommands().values().stream().flatMap(CommandLineTest::all));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyHelpHasExamplesThatCanBeTyped(CommandLine command) {
    String[] footer = command.getCommandSpec().usageMessage().footer();
    assertThat(command.getUsageMessage()).contains("Examples:");
    assertThat(footer).isNotEmpty();
    for (String line : footer) {
      for (String part : line.split("&&")) {
        if (part.strip().startsWith("darkroom ")) {
          assertThatCode(() -> Darkroom.commandLine().parseArgs(words(part)))
              .as(part)
              .doesNotThrowAnyException();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void helpOfAnyWidthBreaksNoExampleAndNoWord(CommandLine command) {
    for (int width : new int[] {80, 120}) {
      String help = command.setUsageHelpWidth(width).getUsageMessage();
      assertThat(help.lines()).allMatch(line -> line.length() <= width);
      assertThat(help.lines()).contains(command.getCommandSpec().usageMessage().footer());
      for (String word : described(command.getCommandSpec())) {
        assertThat(help).contains(word);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void blankLinesOfHelpStandBeforeHeadingsOnly(CommandLine command) {
    List<String> help = command.getUsageMessage().lines().toList();
    for (int i = 0; i < help.size(); i++) {
      if (help.get(i).isBlank()) {
        assertThat(help.get(i + 1)).endsWith(":");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theSynopsisTearsNoOption(CommandLine command) {
    for (int width : new int[] {60, 80, 120}) {
      String help = command.setUsageHelpWidth(width).getUsageMessage();
      String synopsis =
          help.substring(help.indexOf("Usage:")).lines().limit(8).collect(joining(" "));
      for (OptionSpec option : command.getCommandSpec().options()) {
        String named = option.longestName() + "=";
        assertThat(
                Stream.of(synopsis.split("[\\s\\[\\]()]+")).filter(word -> word.startsWith(named)))
            .allMatch(word -> word.equals(named + option.paramLabel()));
      }
    }
  }

  private static List<String> described(CommandSpec command) {
    return Stream.of(
            Stream.of(command.usageMessage().description()),
            command.options().stream()
                .filter(option -> !option.hidden())
                .flatMap(option -> Stream.of(option.description())),
            command.positionalParameters().stream()
                .flatMap(parameter -> Stream.of(parameter.description())))
        .flatMap(texts -> texts)
        .flatMap(text -> Stream.of(text.split("\\s+")))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"20, 60", "72, 72", "999, 200"})
  void helpIsAsWideAsTheTerminal(String columns, int width) {
    CommandLine commands = Darkroom.commandLine();
    HelpLayout.lay(commands, Map.of("COLUMNS", columns));
    assertThat(commands.getSubcommands().get("submit").getUsageHelpWidth()).isEqualTo(width);
  }

  @Test
  void missingFarmSaysHowToNameOne() {
    assertThat(FarmOptions.of(command("status"))).isPresent();
    assertThat(FarmOptions.of(command("queues").getSubcommands().get("pause"))).isPresent();
    assertThat(FarmOptions.of(command("render"))).isEmpty();
  }

  private static CommandLine command(String name) {
    return Darkroom.commandLine().getSubcommands().get(name);
  }

  @Test
  void takenPortIsReportedWithItsOption() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());
      String nobody = "dashboard --kafka 127.0.0.1:1 --s3-endpoint http://127.0.0.1:1 --port ";
      refused(Typed.run((nobody + port).split(" ")), "--port");
      String data = folder.toString();
      refused(Typed.run("up", "--data", data, "--kafka-port", port), "--kafka-port");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--kafka-port", "--s3-port", "--dashboard-port"})
  void aFarmThatDoesNotComeUpLeavesNothingBehind(String option, @TempDir Path parent)
      throws IOException {
    Path there = Files.createDirectory(parent.resolve("there"));
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      for (Path data : List.of(parent.resolve("a").resolve("b"), there)) {
        List<String> typed = new ArrayList<>(List.of("up", "--data", data.toString()));
        for (String port : List.of("--kafka-port", "--s3-port", "--dashboard-port")) {
          int number = port.equals(option) ? other.getLocalPort() : 0;
          typed.addAll(List.of(port, Integer.toString(number)));
        }
        refused(Typed.run(typed.toArray(String[]::new)), option);
      }
    }
    assertThat(parent.resolve("a")).doesNotExist();
    assertThat(there).isEmptyDirectory();
  }

  @Test
  void outputThatIsAFileIsAUsageError() throws IOException {
    String file = Files.writeString(folder.resolve("file"), "").toString();
    String problem = "--output " + file + ": it is a file, allowed: a folder";
    refused(Typed.run("demo", "--output", file), problem);
    refused(Typed.run("get", "--batch", "night", "-o", file), problem);
    refused(Typed.run("export", "night", "-o", file), problem);
  }

  @Test
  void missingCaFileIsReported() {
    Typed answer =
        Typed.run(
            "get", "--batch", "x", "--s3-endpoint", "https://127.0.0.1:1", "--s3-ca", "nope.pem");
    refused(answer, "there is no file nope.pem");
  }

  @Test
  void refusedSettingSaysWhatWasFound() {
    String nobody = "--kafka 127.0.0.1:1 --s3-endpoint ";
    refused(
        Typed.run(("init " + nobody + "http://127.0.0.1:1 --lease-seconds 0").split(" ")),
        "lease time is 0 s, allowed: 1 s or more");
    refused(
        Typed.run(("get --batch x " + nobody + "127.0.0.1:9000").split(" ")),
        "endpoint \"127.0.0.1:9000\" is no address such as http://localhost:9000");
    assertThat(Typed.run(("get --batch x " + nobody + "me:secret@1:9000").split(" ")).err())
        .doesNotContain("secret");
  }

  private static void refused(Typed answer, String because) {
    assertThat(answer.err()).hasLineCount(1).contains(because);
    assertThat(answer.code()).isEqualTo(2);
  }

  @Test
  void missingArgumentIsReportedOnce() {
    Typed answer = Typed.run("get");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).hasLineCount(1).startsWith("darkroom get: Missing required");
  }

  /** As a shell reads it, without the name of the program and what comes from elsewhere. */
  private static String[] words(String line) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line.replaceAll("<.*", ""));
    while (word.find()) {
      words.add(
          Arrays.asList(word.group(1), word.group(2), word.group(3)).stream()
              .filter(text -> text != null)
              .findFirst()
              .orElseThrow());
    }
    return words.subList(1, words.size()).toArray(String[]::new);
  }
}
