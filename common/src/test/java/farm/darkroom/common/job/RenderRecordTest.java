package farm.darkroom.common.job;

import static farm.darkroom.common.job.RenderJobTest.job;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RenderRecordTest {
  private static final String SHA = "0123456789abcdef".repeat(4);
  private static final Instant AT = Instant.parse("2026-01-31T12:00:00Z");

  static RenderRecord example() {
    RenderJob job = job("'seed': 3, 'num_inference_steps': 20");
    WeightFile unet = new WeightFile("demo", "unet/model.safetensors", SHA, 12);
    return new RenderRecord(
        JobId.of(job),
        job,
        new RenderConditions(
            "w-1",
            "cpu",
            "float32",
            "resident",
            2,
            1,
            new TreeMap<>(Map.of("djl", "1")),
            List.of(unet)),
        new RenderTimings(
            AT, AT.plusSeconds(2), 20, 0.08, new TreeMap<>(Map.of("text", 0.1, "denoise", 1.6))),
        List.of(new StoredImage("jobs/x/0.png", SHA, 1234, 3)),
        List.of("the prompt was cut after 77 tokens"));
  }

  @Test
  void comesBackFromItsJson() {
    assertThat(RenderRecord.fromJson(example().toJson())).isEqualTo(example());
  }

  @Test
  void sameRecordHasTheSameBytes() {
    byte[] bytes = example().toJson();
    assertThat(RenderRecord.fromJson(bytes).toJson()).isEqualTo(bytes);
    assertThat(new String(bytes, UTF_8)).contains("\"steps_per_second\":12.5");
  }

  @Test
  void passesOverFieldsOfALaterVersion() {
    String later =
        new String(example().toJson(), UTF_8).replace("\"dtype\"", "\"mood\":1,\"dtype\"");
    assertThat(RenderRecord.fromJson(later.getBytes(UTF_8))).isEqualTo(example());
  }

  @Test
  void namesEveryProblem() {
    String bad = "{\"images\":[{\"key\":\"k\",\"sha256\":\"xx\"}]}";
    assertThatThrownBy(() -> RenderRecord.fromJson(bad.getBytes(UTF_8)))
        .hasMessageContaining("$.id: missing")
        .hasMessageContaining("$.images[0].sha256: found \"xx\", allowed: a SHA-256")
        .hasMessageContaining("$.images[0].bytes: missing");
  }
}
