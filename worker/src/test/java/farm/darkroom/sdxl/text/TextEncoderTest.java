package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.sdxl.SdxlException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextEncoderTest {
  @ParameterizedTest
  @CsvSource({"828,77,827", "900,77,827", "828,77,2", "828,100,827"})
  void theDemoTokenizerFits(int vocabulary, int positions, long eos) {
    assertThatCode(() -> check(vocabulary, positions, eos)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "827|77|827|ids up to 827, but text_encoder embeds 827 (vocab_size)",
        "828|77|826|eos_token is id 827, but text_encoder/config.json has eos_token_id 826",
        "828|64|827|model_max_length 77, but text_encoder has 64 positions"
      })
  void whatDoesNotFitIsNamed(int vocabulary, int positions, long eos, String message) {
    assertThatThrownBy(() -> check(vocabulary, positions, eos))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("tokenizer: ")
        .hasMessageContaining(message);
  }

  private static void check(int vocabulary, int positions, long eos) {
    CLIPTextConfig config =
        new CLIPTextConfig(vocabulary, 64, 256, 3, 4, positions, "gelu", 1e-5, eos, 64);
    try (CLIPTokenizer tokenizer =
        CLIPTokenizer.open(TextGoldens.DEMO.resolve("base").resolve("tokenizer"))) {
      TextEncoder.check(tokenizer, "text_encoder", config);
    }
  }
}
