package farm.darkroom.worker.picture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PngTest {
  @Test
  void everyFilterIsUndoneByTheJdk() throws IOException {
    Picture slopes = Samplers.slopes(200, 140);
    Picture read = Samplers.readByJdk(Png.encode(slopes, Map.of()));
    assertThat(read.width()).isEqualTo(200);
    assertThat(read.rgb()).isEqualTo(slopes.rgb());
  }

  @Test
  void samePictureGivesSameBytes() {
    Map<String, String> text = Map.of("parameters", "a cat\nSteps: 3");
    assertThat(Png.encode(Samplers.slopes(64, 64), text))
        .isEqualTo(Png.encode(Samplers.slopes(64, 64), text));
  }

  @Test
  void smoothPicturesBecomeSmall() {
    assertThat(Png.encode(Samplers.slopes(256, 256), Map.of())).hasSizeLessThan(256 * 256 / 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a cat\nNegative prompt: dog",
        "caf\u00e9",
        "\u732b \ud83d\ude00",
        "tab\there"
      })
  void textReadsBackAsItWas(String said) {
    Map<String, String> text = new LinkedHashMap<>();
    text.put(Png.PARAMETERS, said);
    text.put(Png.DARKROOM, "{\"seed\":0}");
    byte[] png = Png.encode(Samplers.noise(3, 2, 1), text);
    assertThat(Png.text(png)).containsExactlyEntriesOf(text);
  }

  @Test
  void latin1IsPlainTextAndTheRestIsInternational() {
    assertThat(PngText.encode("k", "caf\u00e9").type()).isEqualTo("tEXt");
    assertThat(PngText.encode("k", "\u732b").type()).isEqualTo("iTXt");
    assertThat(PngText.encode("k", "a\0b").body()).endsWith("a\uFFFDb".getBytes(UTF_8));
  }

  @Test
  void keywordsAreChecked() {
    for (String keyword : new String[] {"", " ", "x".repeat(80), "\u732b", "a\nb"}) {
      assertThatThrownBy(() -> PngText.encode(keyword, "text"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void cutOffAndDamagedFilesAreRefused() {
    byte[] png = Png.encode(Samplers.noise(9, 9, 1), Map.of("k", "v"));
    for (int length = 0; length < png.length; length++) {
      byte[] cut = Arrays.copyOf(png, length);
      assertThatThrownBy(() -> Png.text(cut)).isInstanceOf(FarmException.class);
    }
    byte[] damaged = png.clone();
    damaged[45] ^= 1;
    assertThatThrownBy(() -> Png.text(damaged)).hasMessageContaining("wrong CRC");
  }
}
