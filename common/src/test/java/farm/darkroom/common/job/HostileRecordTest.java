package farm.darkroom.common.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever lies on a queue: refused in a few printable words, and never more than that. */
class HostileRecordTest {
  private static final String JOB =
      "{\"job\":{\"model\":\"demo\",\"prompt\":\"%s\",\"seed\":1%s},\"batch\":\"%s\","
          + "\"submitted_at\":\"2026-01-31T12:00:00Z\"}";

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileBytesAreRefusedWithAPrintableMessage(byte[] payload) {
    assertThatThrownBy(() -> QueuedJob.fromJson(payload))
        .isInstanceOfSatisfying(
            FarmException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB);
              assertThat(e.getMessage()).hasSizeLessThan(2_000);
              assertThat(e.getMessage().codePoints()).noneMatch(Character::isISOControl);
            });
  }

  static Stream<byte[]> hostile() {
    return Stream.of(
        new byte[0],
        new byte[] {(byte) 0xff, 0, (byte) 0xc3, 0x28},
        new byte[3 << 20],
        random(1 << 16),
        "\u001b[2J{}".getBytes(UTF_8),
        "[".repeat(100_000).getBytes(UTF_8),
        "{\"job\":".repeat(10_000).getBytes(UTF_8),
        job("a cube", ",\"x\":" + "[".repeat(200) + "]".repeat(200), "night"),
        job("a cube", ",\"width\":1e999999999", "night"),
        job("a cube", ",\"width\":" + "9".repeat(100_000), "night"),
        job("a cube", ",\"width\":" + "9".repeat(399), "night"),
        job("a cube", ",\"guidance_scale\":NaN", "night"),
        job("a cube", ",\"seed\":2", "night"),
        job("a cube", ",\"\u202epmorp\":2", "night"),
        job("a cube\\u0000", "", "night"),
        job("a cube\\u001b[31m", "", "night"),
        job("\\ud800", "", "night"),
        job("x".repeat(300_000), "", "night"),
        job("a cube", ",\"labels\":{\"../x\":\"y\"}", "night"),
        job("a cube", ",\"image\":\"s3://renders/../secret\"", "night"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        "a..b",
        "../x",
        "a/b",
        "a\\\\b",
        ".hidden",
        "-flag",
        "",
        " ",
        "a b",
        "a\\n",
        "a\\u0000",
        "\\u202enight",
        "n\\u0456ght",
        "night\\u200b",
        "\\uff0e\\uff0e",
        "caf\\u00e9",
        "CON:",
        "%2e%2e"
      })
  void aBatchThatIsNoPlainNameIsRefused(String batch) {
    assertThatThrownBy(() -> QueuedJob.fromJson(job("a cube", "", batch)))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("$.batch");
  }

  @Test
  void aBatchIsAtMost128Characters() {
    assertThat(QueuedJob.fromJson(job("a cube", "", "n".repeat(128))).batch()).isPresent();
    assertThatThrownBy(() -> QueuedJob.fromJson(job("a cube", "", "n".repeat(129))))
        .hasMessageContaining("$.batch");
  }

  @Test
  void noPrefixOfAJobIsTakenForOne() {
    byte[] whole = job("a cube", "", "night");
    IntStream.range(0, whole.length)
        .mapToObj(length -> Arrays.copyOf(whole, length))
        .forEach(
            part ->
                assertThatThrownBy(() -> QueuedJob.fromJson(part))
                    .isInstanceOf(FarmException.class));
  }

  private static byte[] job(String prompt, String more, String batch) {
    return JOB.formatted(prompt, more, batch).getBytes(UTF_8);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }
}
