package farm.darkroom.common.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BatchManifestTest {
  private static final JobId ONE = new JobId("1".repeat(26));
  private static final JobId TWO = new JobId("2".repeat(26));

  @Test
  void comesBackFromItsLinesInOrder() {
    BatchManifest manifest =
        new BatchManifest(
            List.of(
                new BatchManifest.Entry(TWO, new TreeMap<>(Map.of("split", "train", "a", "é\n"))),
                new BatchManifest.Entry(ONE, new TreeMap<>())));
    byte[] lines = manifest.toJsonLines();
    assertThat(new String(lines, UTF_8))
        .isEqualTo(
            """
            {"id":"22222222222222222222222222","labels":{"a":"é\\n","split":"train"}}
            {"id":"11111111111111111111111111"}
            """);
    assertThat(BatchManifest.fromJsonLines(lines)).isEqualTo(manifest);
  }

  @Test
  void emptyBatchIsABatch() {
    assertThat(BatchManifest.fromJsonLines(new byte[0]).entries()).isEmpty();
  }

  @Test
  void badLineIsNamed() {
    String lines = "{\"id\":\"" + ONE + "\"}\n\n{\"id\":\"short\"}\n";
    assertThatThrownBy(() -> BatchManifest.fromJsonLines(lines.getBytes(UTF_8)))
        .isInstanceOf(FarmException.class)
        .hasMessageStartingWith("manifest, line 3: $.id: ");
  }
}
