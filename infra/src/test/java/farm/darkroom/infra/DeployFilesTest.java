package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import farm.darkroom.submitter.farm.VariableNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import kafka.server.KafkaConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the deployment files say is what Kafka and the commands understand. */
class DeployFilesTest {
  private static final Path DEPLOY = Path.of("deploy");
  private static final Path TEMPLATES = DEPLOY.resolve("helm/darkroom/templates");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z0-9-]*");
  private static final Pattern VARIABLE = Pattern.compile("DARKROOM_[A-Z0-9_]*[A-Z0-9]");

  @Test
  void kafkaAcceptsItsVariables() throws IOException {
    Properties properties = new Properties();
    compose()
        .at("/services/kafka/environment")
        .properties()
        .forEach(
            variable -> {
              String name = variable.getKey().substring("KAFKA_".length());
              properties.put(
                  name.toLowerCase(Locale.ROOT).replace('_', '.'), variable.getValue().asText());
            });
    assertThat(KafkaConfig.configDef().names()).containsAll(properties.stringPropertyNames());
    assertThat(new KafkaConfig(properties, false).getList("process.roles")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"init", "worker", "exporter"})
  void composedServicesRunCommandsThatThereAre(String service) throws IOException {
    List<String> typed =
        StreamSupport.stream(compose().at("/services/" + service + "/command").spliterator(), false)
            .map(JsonNode::asText)
            .toList();
    CommandLine.ParseResult parsed = Darkroom.commandLine().parseArgs(typed.toArray(String[]::new));
    assertThat(parsed.subcommand().commandSpec().name()).isEqualTo(service);
  }

  @ParameterizedTest
  @ValueSource(strings = {"init", "worker", "exporter"})
  void theChartGivesOptionsThatThereAre(String command) throws IOException {
    Set<String> given = found(OPTION, Files.readString(TEMPLATES.resolve(command + ".yaml")));
    assertThat(given).isNotEmpty();
    CommandLine known = Darkroom.commandLine().getSubcommands().get(command);
    assertThat(known.getCommandSpec().optionsMap().keySet()).containsAll(given);
  }

  @Test
  void variablesAreThoseOfTheCommands() throws IOException {
    StringBuilder help = new StringBuilder("DARKROOM_LOG DARKROOM_JAVA_OPTS DARKROOM_OFFLINE ");
    Darkroom.commandLine().getSubcommands().values().forEach(c -> help.append(c.getUsageMessage()));
    try (Stream<Path> files = Files.walk(DEPLOY)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(found(VARIABLE, help.toString()))
            .as(file.toString())
            .containsAll(found(VARIABLE, Files.readString(file)));
      }
    }
  }

  @Test
  void everyVariableIsKnown() throws IOException {
    StringBuilder texts = new StringBuilder();
    for (String folder : List.of("common", "submitter", "worker", "infra")) {
      append(Path.of("..", folder, "src/main"), texts);
    }
    append(DEPLOY, texts);
    append(Path.of("..", "scripts"), texts);
    append(Path.of("..", "docs"), texts);
    assertThat(found(VARIABLE, texts.toString()))
        .hasSizeGreaterThan(20)
        .allMatch(name -> name.equals("DARKROOM_S3") || VariableNames.isKnown(name));
  }

  private static void append(Path folder, StringBuilder texts) throws IOException {
    Pattern readable = Pattern.compile(".*\\.(java|xml|md|sh|yaml|tpl|env|py)|[a-z]+");
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (readable.matcher(file.getFileName().toString()).matches()) {
          texts.append(Files.readString(file)).append('\n');
        }
      }
    }
  }

  private static JsonNode compose() throws IOException {
    return new ObjectMapper(new YAMLFactory()).readTree(DEPLOY.resolve("compose.yaml").toFile());
  }

  private static Set<String> found(Pattern pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}
