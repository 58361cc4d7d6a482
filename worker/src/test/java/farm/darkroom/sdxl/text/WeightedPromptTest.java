package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WeightedPromptTest {
  private static final SafetensorsFile GOLDENS =
      SafetensorsFile.open(TextGoldens.file("weighted.safetensors"));

  @Test
  void everyCaseAgreesWithTheWebUisRule() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager()) {
      for (Map.Entry<String, JsonNode> golden : TextGoldens.json("weighted.json").properties()) {
        boolean refiner = golden.getValue().path("model").asText().equals("refiner");
        try (PromptEncoder encoder = refiner ? demo.refiner(false) : demo.base(true)) {
          PromptTexts prompts = PromptEncoderTest.prompts(golden.getValue(), true);
          PromptEmbeds embeds = encoder.encode(scope, prompts, true);
          String name = golden.getKey();
          TextGoldens.assertClose(GOLDENS, name + "/", embeds.positive());
          TextGoldens.assertClose(GOLDENS, name + "/negative_", embeds.negative().orElseThrow());
        }
      }
    }
  }

  @Test
  void withoutWeightsAShortPromptIsThePlainOne() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager();
        PromptEncoder encoder = demo.base(true)) {
      JsonNode given = TextGoldens.json("prompts.json").path("negative");
      PromptEmbeds plain = encoder.encode(scope, PromptEncoderTest.prompts(given, false), true);
      PromptEmbeds weighted = encoder.encode(scope, PromptEncoderTest.prompts(given, true), true);
      assertThat(weighted.positive().embeds().toFloatArray())
          .isEqualTo(plain.positive().embeds().toFloatArray());
      assertThat(weighted.negative().orElseThrow().embeds().toFloatArray())
          .isEqualTo(plain.negative().orElseThrow().embeds().toFloatArray());
    }
  }

  @Test
  void aWeightOfZeroEverywhereGivesNumbers() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager()) {
      float[] weighed =
          demo.kernels()
              .tensor(
                  scope, "clip_weigh", scope.ones(new Shape(1, 2, 3)), scope.zeros(new Shape(1, 2)))
              .toFloatArray();
      assertThat(weighed).containsOnly(0);
    }
  }

  @Test
  void aPromptLongerThanTheCacheIsEncodedOnBothSides() {
    JsonNode given =
        new ObjectMapper()
            .createObjectNode()
            .put("prompt", "red " + "BREAK cube ".repeat(65))
            .put("negative_prompt", "night");
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        NDManager scope = demo.kernels().manager().newSubManager();
        PromptEncoder encoder = demo.base(true)) {
      PromptEmbeds embeds = encoder.encode(scope, PromptEncoderTest.prompts(given, true), true);
      Shape shape = new Shape(1, 66 * 77, 160);
      assertThat(embeds.positive().embeds().getShape()).isEqualTo(shape);
      assertThat(embeds.negative().orElseThrow().embeds().getShape()).isEqualTo(shape);
    }
  }
}
