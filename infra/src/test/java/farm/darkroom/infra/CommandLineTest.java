package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the command line says of itself, and to who mistypes. */
class CommandLineTest {
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  @Test
  void whoTypesNoCommandIsShownAllOfThem() {
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

  @Test
  void anOptionThatIsNoneIsNamedWithTheNearest() {
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
        .contains("%s %s: allowed are 0 to 65535".formatted(option, port));
  }

  @Test
  void aFolderOfModelsThatIsNotThereIsTypedWrong() {
    Typed answer = Typed.run("model", "list", "--models", "nowhere");
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).hasLineCount(1).contains("--models nowhere: there is no such folder");
  }

  @Test
  void theVersionIsSaid() {
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
