package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PromptEncoderTest {
  private static final SafetensorsFile GOLDENS =
      SafetensorsFile.open(TextGoldens.file("prompts.safetensors"));

  @Test
  void everyCaseAgreesWithDiffusers() {
    Map<String, PromptEncoder> encoders = new HashMap<>();
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager()) {
      for (Map.Entry<String, JsonNode> golden : TextGoldens.json("prompts.json").properties()) {
        JsonNode given = golden.getValue();
        boolean refiner = given.path("model").asText().equals("refiner");
        boolean zeros = given.path("force_zeros").asBoolean(!refiner);
        PromptEncoder encoder =
            encoders.computeIfAbsent(
                refiner + " " + zeros, key -> refiner ? demo.refiner(zeros) : demo.base(zeros));
        boolean guidance = given.path("do_classifier_free_guidance").asBoolean(true);
        PromptEmbeds embeds = encoder.encode(scope, prompts(given, false), guidance);
        String name = golden.getKey();
        TextGoldens.assertClose(GOLDENS, name + "/", embeds.positive());
        assertThat(embeds.negative().isPresent()).as(name).isEqualTo(guidance);
        embeds.negative().ifPresent(n -> TextGoldens.assertClose(GOLDENS, name + "/negative_", n));
      }
      encoders.values().forEach(PromptEncoder::close);
    }
  }

  static PromptTexts prompts(JsonNode given, boolean weighted) {
    OptionalInt skip =
        given.has("clip_skip")
            ? OptionalInt.of(given.path("clip_skip").asInt())
            : OptionalInt.empty();
    return new PromptTexts(
        given.path("prompt").asText(),
        Optional.ofNullable(given.path("prompt_2").textValue()),
        Optional.ofNullable(given.path("negative_prompt").textValue()),
        Optional.ofNullable(given.path("negative_prompt_2").textValue()),
        skip,
        weighted);
  }

  @Test
  void truncationIsReportedOncePerText() {
    String text = "red ".repeat(75) + "green cube";
    PromptTexts both =
        new PromptTexts(
            text,
            Optional.empty(),
            Optional.of(text + " at night"),
            Optional.empty(),
            OptionalInt.empty(),
            false);
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager();
        PromptEncoder encoder = demo.base(true)) {
      List<String> expected =
          List.of(
              "prompt is longer than the text encoder; left out: green cube",
              "negative_prompt is longer than the text encoder; left out: green cube at night");
      assertThat(encoder.encode(scope, both, true).warnings()).isEqualTo(expected);
      assertThat(encoder.encode(scope, both, true).warnings()).isEqualTo(expected);
      assertThat(encoder.encode(scope, PromptTexts.of("red"), true).warnings()).isEmpty();
    }
  }

  @Test
  void theCacheGivesTheSameBytesAfterManyOtherPrompts() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager();
        PromptEncoder encoder = demo.refiner(false)) {
      PromptEmbeds first = encoder.encode(scope, PromptTexts.of("a red cube"), false);
      float[] before = first.positive().embeds().toFloatArray();
      for (int i = 0; i < 70; i++) {
        try (NDManager job = demo.kernels().manager().newSubManager()) {
          encoder.encode(job, PromptTexts.of("cube " + i), false);
        }
      }
      assertThat(first.positive().embeds().toFloatArray()).isEqualTo(before);
      PromptEmbeds again = encoder.encode(scope, PromptTexts.of("a red cube"), false);
      assertThat(again.positive().embeds().toFloatArray()).isEqualTo(before);
    }
  }

  @Test
  void clipSkipMustLeaveALayer() {
    PromptTexts deep =
        new PromptTexts(
            "red", Optional.empty(), Optional.empty(), Optional.empty(), OptionalInt.of(3), false);
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager();
        PromptEncoder encoder = demo.base(true)) {
      assertThatThrownBy(() -> encoder.encode(scope, deep, true))
          .isInstanceOf(SdxlException.class)
          .hasMessage("clip_skip 3: 0 to 2 is allowed, text_encoder has 3 layers");
    }
  }

  @Test
  void widthsAreThoseOfTheEncoders() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        PromptEncoder base = demo.base(true);
        PromptEncoder refiner = demo.refiner(false)) {
      assertThat(base.widths()).containsExactly(64, 96);
      assertThat(base.pooledWidth()).isEqualTo(96);
      assertThat(refiner.widths()).containsExactly(96);
    }
  }

  @Test
  void anEncoderWithoutProjectionIsNotEnough() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        TextEncoder first = demo.encoder("base", "text_encoder")) {
      assertThatThrownBy(() -> new PromptEncoder(demo.kernels(), List.of(first), true))
          .isInstanceOf(SdxlException.class)
          .hasMessageContaining("no text encoder with projection");
    }
  }
}
