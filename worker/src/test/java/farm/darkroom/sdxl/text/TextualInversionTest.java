package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextualInversionTest {
  private static final SafetensorsFile GOLDENS =
      SafetensorsFile.open(TextGoldens.file("inverted.safetensors"));

  @TempDir Path folder;

  private static TextualInversion thing(String token) {
    return TextualInversion.open(TextGoldens.file("inversion_3.safetensors"), token);
  }

  private static TextualInversion moonstone() {
    return TextualInversion.open(TextGoldens.file("inversion_1.safetensors"), "MoonStone");
  }

  private static TextualInversion glass() {
    return TextualInversion.open(TextGoldens.file("inversion_2.safetensors"), "<Glass>");
  }

  @Test
  void wordOfSeveralVectorsWithCapitalsIsWarnedOf() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager();
        PromptEncoder base = demo.base(true);
        PromptEncoder encoder = base.with(List.of(thing("<thing>"), moonstone(), glass()))) {
      assertThat(encoder.encode(scope, PromptTexts.of("a cube"), false).warnings())
          .containsExactly(
              "embedding <Glass>: its name has capitals; as in diffusers, the first of its 2 vectors alone is used");
    }
  }

  @Test
  void addedWordsAgreeWithDiffusers() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager();
        PromptEncoder base = demo.base(true);
        PromptEncoder encoder = base.with(List.of(thing("<thing>"), moonstone(), glass()))) {
      for (Map.Entry<String, JsonNode> golden : TextGoldens.json("inverted.json").properties()) {
        PromptTexts prompts = PromptEncoderTest.prompts(golden.getValue(), false);
        PromptEmbeds embeds = encoder.encode(scope, prompts, true);
        TextGoldens.assertClose(GOLDENS, golden.getKey() + "/", embeds.positive());
        String negative = golden.getKey() + "/negative_";
        TextGoldens.assertClose(GOLDENS, negative, embeds.negative().orElseThrow());
      }
    }
  }

  @Test
  void theSharedEncodersStayAsTheyWere() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager();
        PromptEncoder base = demo.base(true)) {
      PromptTexts prompts = PromptTexts.of("a <thing> at night");
      float[] before = base.encode(scope, prompts, false).positive().embeds().toFloatArray();
      try (PromptEncoder encoder = base.with(List.of(thing("<thing>")))) {
        assertThat(encoder.encode(scope, prompts, false).positive().embeds().toFloatArray())
            .isNotEqualTo(before);
      }
      try (PromptEncoder fresh = base.with(List.of())) {
        assertThat(fresh.encode(scope, prompts, false).positive().embeds().toFloatArray())
            .isEqualTo(before);
      }
    }
  }

  @Test
  void truncationWarningNamesTheRest() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager();
        PromptEncoder base = demo.base(true);
        PromptEncoder encoder = base.with(List.of(thing("<thing>"), moonstone()))) {
      PromptTexts prompts = PromptTexts.of("red ".repeat(73) + "<thing> MoonStone cube");
      assertThat(encoder.encode(scope, prompts, true).warnings())
          .containsExactly("prompt is longer than the text encoder; left out: MoonStonecube");
    }
  }

  @Test
  void tokensThatCannotBeToldApartAreRefused() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        PromptEncoder base = demo.base(true)) {
      refused(base, List.of(thing("cube</w>")), "the vocabulary has cube</w> already");
      refused(base, List.of(thing("<s!>")), "tokenizer_2: <s!> cannot be told apart");
      refused(base, List.of(thing("<s>"), thing("<s>")), "<s> cannot be told apart");
    }
  }

  @Test
  void filesOfAnotherKindAreRefused() throws IOException {
    assertThatThrownBy(() -> TextualInversion.open(file("{\"emb_params\": [1, 64]}"), "<s>"))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("found [emb_params]; an SDXL embedding has clip_l and clip_g");
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        PromptEncoder base = demo.base(true)) {
      Path half = file("{\"clip_l\": [1, 64]}");
      refused(
          base,
          List.of(TextualInversion.open(half, "<s>")),
          "no clip_g, which text_encoder_2 needs");
      Path wide = file("{\"clip_l\": [2, 768], \"clip_g\": [2, 1280]}");
      refused(
          base,
          List.of(TextualInversion.open(wide, "<s>")),
          "clip_l is [2, 768], text_encoder needs [vectors, 64]");
    }
  }

  private static void refused(PromptEncoder base, List<TextualInversion> files, String message) {
    assertThatThrownBy(() -> base.with(files).close())
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining(message);
  }

  /** A safetensors file of zeros; {@code shapes} is JSON from name to shape. */
  private Path file(String shapes) throws IOException {
    StringBuilder header = new StringBuilder("{");
    long at = 0;
    JsonNode root = new com.fasterxml.jackson.databind.ObjectMapper().readTree(shapes);
    for (Map.Entry<String, JsonNode> tensor : root.properties()) {
      long end = at + 4 * tensor.getValue().path(0).asLong() * tensor.getValue().path(1).asLong();
      header
          .append(header.length() > 1 ? "," : "")
          .append("\"" + tensor.getKey() + "\":{\"dtype\":\"F32\",\"shape\":" + tensor.getValue())
          .append(",\"data_offsets\":[" + at + "," + end + "]}");
      at = end;
    }
    byte[] json = header.append("}").toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + (int) at).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return Files.write(Files.createTempFile(folder, "embedding", ".safetensors"), bytes.array());
  }
}
