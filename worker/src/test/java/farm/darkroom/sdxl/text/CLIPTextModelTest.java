package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.ResidentWeights;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CLIPTextModelTest {
  @TempDir Path folder;

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
            .isEqualTo(alone.hiddenState().toFloatArray());
        assertThat(together.get(i).textEmbeds().orElseThrow().toFloatArray())
            .isEqualTo(alone.textEmbeds().orElseThrow().toFloatArray());
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

  @Test
  void aFileWithoutThePrefixGivesTheSame() throws IOException {
    Path base = TextGoldens.DEMO.resolve("base");
    Files.copy(base.resolve("model_index.json"), folder.resolve("model_index.json"));
    Files.createDirectories(folder.resolve("text_encoder_2"));
    Path config = Path.of("text_encoder_2/config.json");
    Files.copy(base.resolve(config), folder.resolve(config));
    Path weights = Path.of("text_encoder_2/model.safetensors");
    Files.write(folder.resolve(weights), withoutPrefix(Files.readAllBytes(base.resolve(weights))));
    Snapshot bare = Snapshot.open(folder);
    Component component = bare.component("text_encoder_2");
    CLIPTextModel model = CLIPTextModel.of(bare, component);
    assertThat(model.prefix()).isEmpty();
    WeightCheck.check(component.checkpoint(), model.groups());
    String golden = "base/text_encoder_2/red";
    List<TextInput> inputs = List.of(new TextInput(TextGoldens.longs(GOLDENS, golden + "/ids"), 0));
    try (Kernels kernels = Kernels.load(Device.cpu());
        NDManager scope = kernels.manager().newSubManager();
        Weights held =
            new ResidentWeights(new WeightLoader(component.checkpoint(), kernels, Dtype.FLOAT32))) {
      CLIPTextModelOutput output =
          model.forward(kernels, held, scope, inputs, Optional.empty()).get(0);
      close(golden + "/hidden_states.2", output.hiddenState().toFloatArray(), 1e-5);
    }
  }

  /** Spaces at the header's end take the place of what is left out. */
  private static byte[] withoutPrefix(byte[] file) {
    int length = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String header = new String(file, 8, length, StandardCharsets.UTF_8);
    String bare = header.replace("text_model.", "");
    byte[] padded =
        (bare + " ".repeat(header.length() - bare.length())).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(padded, 0, file, 8, length);
    return file;
  }
}
