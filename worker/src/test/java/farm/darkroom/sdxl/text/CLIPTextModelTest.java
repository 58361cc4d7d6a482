package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CLIPTextModelTest {
  private static final SafetensorsFile GOLDENS =
      SafetensorsFile.open(TextGoldens.file("encoders.safetensors"));
  private static final List<String> TEXTS = List.of("red", "empty", "long", "eos inside");

  @ParameterizedTest
  @CsvSource({"base,text_encoder", "base,text_encoder_2", "refiner,text_encoder_2"})
  void everyHiddenStateAndThePooledOutputAgreeWithTransformers(String model, String name) {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        TextEncoder encoder = demo.encoder(model, name);
        NDManager scope = demo.kernels().manager().newSubManager()) {
      for (String text : TEXTS) {
        String golden = model + "/" + name + "/" + text;
        long[] ids = TextGoldens.longs(GOLDENS, golden + "/ids");
        for (int state = 0; state < 4; state++) {
          TextInput input = new TextInput(ids, 2 - state);
          CLIPTextModelOutput output =
              encoder.forward(demo.kernels(), scope, List.of(input)).get(0);
          close(golden + "/hidden_states." + state, output.hiddenState().toFloatArray(), 1e-5);
          assertThat(output.textEmbeds().isPresent()).isEqualTo(name.endsWith("_2"));
          output
              .textEmbeds()
              .ifPresent(
                  pooled -> {
                    String key = golden + "/text_embeds";
                    float[] expected = TextGoldens.floats(GOLDENS, key);
                    TextGoldens.assertClose(key, pooled.toFloatArray(), expected, 1e-5);
                  });
        }
      }
    }
  }

  private static void close(String key, float[] found, double tolerance) {
    float[] expected = TextGoldens.floats(GOLDENS, key);
    TextGoldens.assertClose(key, TextGoldens.strided(found, 77), expected, tolerance);
  }

  @Test
  void promptsEncodedTogetherAreTheSameBytesAsAlone() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.FLOAT32);
        TextEncoder encoder = demo.encoder("base", "text_encoder_2");
        NDManager scope = demo.kernels().manager().newSubManager()) {
      List<TextInput> inputs =
          TEXTS.stream()
              .map(text -> TextGoldens.longs(GOLDENS, "base/text_encoder_2/" + text + "/ids"))
              .map(ids -> new TextInput(ids, 0))
              .toList();
      List<CLIPTextModelOutput> together = encoder.forward(demo.kernels(), scope, inputs);
      for (int i = 0; i < inputs.size(); i++) {
        CLIPTextModelOutput alone =
            encoder.forward(demo.kernels(), scope, List.of(inputs.get(i))).get(0);
        assertThat(together.get(i).hiddenState().toFloatArray())
            .containsExactly(alone.hiddenState().toFloatArray());
        assertThat(together.get(i).textEmbeds().orElseThrow().toFloatArray())
            .containsExactly(alone.textEmbeds().orElseThrow().toFloatArray());
      }
    }
  }

  @Test
  void bfloat16StaysNearFloat32() {
    try (DemoEncoders demo = new DemoEncoders(Dtype.BFLOAT16);
        TextEncoder encoder = demo.encoder("base", "text_encoder_2");
        NDManager scope = demo.kernels().manager().newSubManager()) {
      String golden = "base/text_encoder_2/red";
      TextInput input = new TextInput(TextGoldens.longs(GOLDENS, golden + "/ids"), 0);
      CLIPTextModelOutput output = encoder.forward(demo.kernels(), scope, List.of(input)).get(0);
      close(golden + "/hidden_states.2", output.hiddenState().toFloatArray(), 0.03);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "49407, 1", "5, 0"})
  void thePooledPositionFollowsTheConfigsEndToken(long eos, int position) {
    CLIPTextConfig config = new CLIPTextConfig(49408, 8, 16, 1, 1, 77, "gelu", 1e-5, eos, 8);
    CLIPTextModel model = new CLIPTextModel(config, true, "text_model.");
    assertThat(model.pooledPosition(new long[] {49406, 49407, 49408, 49407, 0, 0}))
        .isEqualTo(position);
  }
}
