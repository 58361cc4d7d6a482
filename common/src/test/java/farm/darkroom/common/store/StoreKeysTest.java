package farm.darkroom.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreKeysTest {
  @Test
  void layoutIsThatOfTheDesign() {
    assertThat(StoreKeys.output("8G1", 0, "png")).isEqualTo("jobs/8G1/0.png");
    assertThat(StoreKeys.record("8G1")).isEqualTo("jobs/8G1/record.json");
    assertThat(StoreKeys.input("ab12")).isEqualTo("inputs/ab12");
    assertThat(StoreKeys.manifest("night-1")).isEqualTo("batches/night-1/manifest.jsonl");
    assertThat(StoreKeys.manifest("night-1", 2))
        .isEqualTo("batches/night-1/manifest-0000002.jsonl");
    assertThat(StoreKeys.preview("8G1")).isEqualTo("previews/8G1.png");
  }

  @Test
  void keysHaveTheSameDigitsEverywhere() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat(StoreKeys.manifest("night-1", 2))
          .isEqualTo("batches/night-1/manifest-0000002.jsonl");
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void previewTellsItsJob() {
    assertThat(StoreKeys.jobOfPreview(StoreKeys.preview("8G1"))).contains("8G1");
    assertThat(StoreKeys.jobOfPreview("previews/readme.txt")).isEmpty();
    assertThat(StoreKeys.jobOfPreview("jobs/8G1/0.png")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "a/b", "a b", ".hidden", "x\n", "\u0000", "ü"})
  void batchNamesThatLeadAstrayAreRefused(String name) {
    assertThatThrownBy(() -> StoreKeys.manifest(name))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("batch name")
        .hasMessageNotContainingAny("\n", "\u0000");
  }

  @Test
  void overlongNamesAreRefusedInOneShortLine() {
    assertThatThrownBy(() -> StoreKeys.manifest("x".repeat(100_000)))
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(300));
    assertThatThrownBy(() -> StoreKeys.check("é".repeat(513)))
        .hasMessageContaining("1 to 1024 bytes");
    assertThat(StoreKeys.check("é".repeat(512))).hasSize(512);
  }

  @Test
  void aKeySaysWhatItIsOf() {
    assertThat(StoreKeys.jobOf(StoreKeys.record("j"))).contains("j");
    assertThat(StoreKeys.jobOf("jobs/j")).isEmpty();
    assertThat(StoreKeys.jobOf("inputs/j/0.png")).isEmpty();
    assertThat(StoreKeys.batchOf(StoreKeys.manifest("night"))).contains("night");
    assertThat(StoreKeys.batchOf("batches/night")).isEmpty();
    assertThat(StoreKeys.manifestNumber(StoreKeys.manifest("night"))).hasValue(1);
    assertThat(StoreKeys.manifestNumber(StoreKeys.manifest("night", 12))).hasValue(12);
    assertThat(StoreKeys.manifestNumber("batches/night/manifest-12.jsonl")).isEmpty();
    assertThat(StoreKeys.manifestNumber("batches/night/notes/manifest.jsonl")).isEmpty();
  }
}
