package farm.darkroom.common.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @Test
  void numberThatIsNoneIsRefusedWithoutAdviceOnParsers() {
    assertThatThrownBy(() -> Json.parse("{\"a\":NaN}"))
        .hasMessageStartingWith("not JSON at column ")
        .hasMessageEndingWith("Non-standard token 'NaN'");
  }

  /** Such as two jobs on one line. */
  @Test
  void aSecondValueIsRefusedWithoutAdviceOnParsers() {
    assertThatThrownBy(() -> Json.parse("{\"a\":1} {\"a\":2}"))
        .hasMessageStartingWith("not JSON at column ")
        .hasMessageEndingWith(": there is more after the first value, allowed: one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{}}",
        "{} {}",
        "{'a':1}",
        "{\"a\":NaN}",
        "{\"a\":Infinity}",
        "{\"a\":01}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":{\"b\":1,\"b\":2}}",
        "// no\n{}",
        "{\"a\":1,}",
        "{\"a\":1,\n \"b\": [",
        "\u00ff\u00d8",
        "nul"
      })
  void refusesWhatIsNotStrictlyJson(String text) {
    assertThatThrownBy(() -> Json.parse(text))
        .isInstanceOf(FarmException.class)
        .hasMessageStartingWith("not JSON")
        .hasMessageNotContaining("\n")
        .message()
        .doesNotContainPattern("[Ss]ource|com\\.|[A-Z]+_[A-Z]+|[Ff]eature|\\(code");
  }

  @Test
  void saysWhereItStopped() {
    assertThatThrownBy(() -> Json.parse("{\"a\": 1,\n \"b\" 2}"))
        .hasMessageContaining("line 2, column 6");
  }

  @Test
  void refusesEndlessNestingAndNumbers() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
        .isInstanceOf(FarmException.class)
        .hasMessageEndingWith("exceeds the maximum allowed (64)");
    assertThatThrownBy(() -> Json.parse("1".repeat(100_000))).isInstanceOf(FarmException.class);
  }

  @Test
  void refusesOtherEncodings() {
    assertThatThrownBy(() -> Json.parse("{}".getBytes(java.nio.charset.StandardCharsets.UTF_16)))
        .hasMessageContaining("no UTF-8");
    assertThat(Json.parse("\uFEFF{}".getBytes(UTF_8)).isObject()).isTrue();
  }
}
