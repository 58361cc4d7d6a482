package farm.darkroom.common.input;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightFormatTest {

  @Test
  void aHeaderThatFitsIsEnough() {
    assertThatCode(() -> look("\2\0\0\0\0\0\0\0{}")).doesNotThrowAnyException();
    assertThatCode(() -> look("\2\0\0\0\0\0\0\0{}tensors")).doesNotThrowAnyException();
  }

  @Test
  void aHeaderBeyondTheEndIsCutOff() {
    assertThatThrownBy(() -> look("\3\0\0\0\0\0\0\0{}"))
        .isInstanceOf(FarmException.class)
        .hasMessage("it is cut off: found 10 bytes, its header alone has 3");
  }

  @ParameterizedTest
  @CsvSource({
    "'',it is empty",
    "{},it is no file of weights",
    "PK34567890,'it is a zip or pickle file, as PyTorch saves them (.pt, .bin, .ckpt)'",
    "version https://git-lfs,'it is a pointer of Git LFS, not the file itself'",
    "BM34567890,it is a picture (BMP)"
  })
  void saysWhatElseItIs(String text, String found) {
    assertThatThrownBy(() -> look(text))
        .isInstanceOf(FarmException.class)
        .hasMessage(found + ", allowed: a safetensors file");
  }

  private static void look(String text) {
    WeightFormat.require(text.getBytes(ISO_8859_1));
  }
}
