package farm.darkroom.sdxl.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  private static final Path FILE = Path.of("unet/config.json");
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, Consumer<ConfigReader>> READS =
      Map.ofEntries(
          Map.entry("integer", json -> json.integer("key", 1)),
          Map.entry("layers", json -> json.layers("key", 1)),
          Map.entry("id", json -> json.id("key", 1)),
          Map.entry("number", json -> json.number("key", 1)),
          Map.entry("positive", json -> json.positive("key", 1)),
          Map.entry("epsilon", json -> json.epsilon("key", 1)),
          Map.entry("flag", json -> json.flag("key", true)),
          Map.entry("text", json -> json.text("key")),
          Map.entry("texts", json -> json.texts("key", List.of())),
          Map.entry("integers", json -> json.integers("key", List.of())),
          Map.entry("three", json -> json.integers("key", 3, 1)),
          Map.entry("numbers", json -> json.numbers("key")),
          Map.entry("only", json -> json.only("key", 1, false, "silu")),
          Map.entry("nothing", json -> json.only("key")));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "integer | '3' | a whole number from 1 to 1000000",
        "integer | 3.0 | a whole number from 1 to 1000000",
        "integer | true | a whole number from 1 to 1000000",
        "integer | 0 | a whole number from 1 to 1000000",
        "integer | [3] | a whole number from 1 to 1000000",
        "integer | 4294967297 | a whole number from 1 to 1000000",
        "layers | 1001 | at most 1000",
        "id | '49407' | a whole number from 0",
        "id | -1 | a whole number from 0",
        "id | 49407.0 | a whole number from 0",
        "number | '0.5' | a number",
        "number | 1e400 | a number",
        "positive | 0 | a number above 0",
        "positive | '1' | a number above 0",
        "epsilon | 1.5 | a number from 0 to 1",
        "epsilon | '1e-5' | a number from 0 to 1",
        "flag | 'true' | true or false",
        "flag | 1 | true or false",
        "text | 5 | a name",
        "texts | 'DownBlock2D' | a list of names",
        "texts | ['DownBlock2D',5] | a list of names",
        "integers | [320,640.0] | a list, each a whole number from 1 to 1000000",
        "integers | ['320'] | a list, each a whole number from 1 to 1000000",
        "integers | {'a':320} | a list, each a whole number from 1 to 1000000",
        "integers | [] | a list, each a whole number from 1 to 1000000",
        "three | [1,2] | a whole number or a list of 3",
        "three | '2' | a whole number or a list of 3",
        "numbers | ['0.5'] | a list of numbers",
        "numbers | 0.5 | a list of numbers",
        "only | 'false' | 1 or false or silu",
        "only | '1' | 1 or false or silu",
        "only | ['silu'] | 1 or false or silu",
        "nothing | false | null",
      })
  void wrongTypesAreNamed(String read, String value, String supported) throws IOException {
    String found = value.replace('\'', '"');
    ConfigReader json = reader("{\"key\":" + found + "}");
    assertThatThrownBy(() -> READS.get(read).accept(json))
        .isInstanceOf(SdxlException.class)
        .hasMessage(
            FILE + ": key is %s; supported: %s", json.root().get("key").toString(), supported);
  }

  @Test
  void absentAndNullAreTheDefault() throws IOException {
    for (ConfigReader json : List.of(reader("{}"), reader("{\"key\": null}"))) {
      READS.values().forEach(read -> read.accept(json));
      assertThat(json.integer("key", 7)).isEqualTo(7);
      assertThat(json.id("key", 49407)).isEqualTo(49407);
      assertThat(json.text("key")).isEmpty();
      assertThat(json.integers("key", 3, 2)).containsExactly(2, 2, 2);
      assertThat(json.numbers("key")).isEmpty();
    }
    assertThatThrownBy(() -> reader("{}").integer("key"))
        .hasMessageEndingWith("key is missing; supported: a whole number from 1 to 1000000");
  }

  @Test
  void flagThatIsNullIsFalseAsInPython() throws IOException {
    assertThat(reader("{}").flag("key", true)).isTrue();
    assertThat(reader("{\"key\": null}").flag("key", true)).isFalse();
  }

  @Test
  void onlyKnowsNumbersFlagsAndNames() throws IOException {
    reader("{\"key\": 1.0}").only("key", 1);
    reader("{\"key\": false}").only("key", false);
    reader("{\"key\": \"silu\"}").only("key", "swish", "silu");
  }

  private static ConfigReader reader(String json) throws IOException {
    return new ConfigReader(FILE, (ObjectNode) JSON.readTree(json));
  }
}
