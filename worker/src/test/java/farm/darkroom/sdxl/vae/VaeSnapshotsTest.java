package farm.darkroom.sdxl.vae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.sdxl.weights.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VaeSnapshotsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path DEMO = Path.of("demo-model/base/vae");
  private static final String WEIGHTS = "diffusion_pytorch_model.safetensors";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "scaling_factor | 0 | supported: a number above 0",
        "scaling_factor | \"x\" | supported: a number above 0",
        "norm_num_groups | 0 | supported: a whole number from 1",
        "latent_channels | -4 | supported: a whole number from 1",
        "latent_channels | 2147483647 | supported: a whole number from 1 to 1000000",
        "layers_per_block | 5000 | supported: at most 1000",
      })
  void settingsThatCannotBeAreRefused(String key, String value, String expected)
      throws IOException {
    ObjectNode config = JSON.createObjectNode();
    config.put("_class_name", "AutoencoderKL").set(key, JSON.readTree(value));
    assertThatThrownBy(() -> AutoencoderConfig.of(component(config)))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("config.json: " + key + " is " + value)
        .hasMessageContaining(expected);
  }

  /** 1000 / 8 latents are 125, of which no quarter is whole. */
  @ParameterizedTest
  @CsvSource({"1024, 1024, 128", "1000, 992, 124", "512, 512, 64", "4, 4, 4"})
  void tilesOverlapByWholeLatents(int sampleSize, int pixels, int latents) throws IOException {
    ObjectNode config = JSON.createObjectNode();
    config.put("_class_name", "AutoencoderKL").put("sample_size", sampleSize);
    if (sampleSize > 4) {
      config.set("block_out_channels", JSON.valueToTree(List.of(64, 64, 64, 64)));
    }
    assertThat(AutoencoderConfig.of(component(config)).tiling())
        .isEqualTo(new Tiling(pixels, latents, 0.25));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdxl", "bare", "taesd"})
  void expectsTheTensorsThatDiffusersMakes(String name) throws IOException {
    ObjectNode golden =
        (ObjectNode) JSON.readTree(VaeGoldens.FOLDER.resolve(name + ".json").toFile());
    AutoencoderConfig config = AutoencoderConfig.of(component(golden.remove("config")));

    Map<String, List<Long>> expected = new TreeMap<>();
    golden.properties().forEach(e -> expected.put(e.getKey(), longs(e.getValue())));
    Map<String, List<Long>> found = new TreeMap<>();
    groups(config).stream()
        .flatMap(group -> group.weights().stream())
        .forEach(weight -> found.put(weight.tensor(), weight.shape()));
    assertThat(found).isEqualTo(expected);
  }

  private static List<WeightGroup> groups(AutoencoderConfig config) {
    return config instanceof VaeConfig kl
        ? Autoencoder.groups(KlBlocks.encoder(kl), KlBlocks.decoder(kl))
        : AutoencoderTiny.groups((TinyVaeConfig) config);
  }

  @Test
  void attentionMayHaveItsOldNames() throws IOException {
    Files.copy(DEMO.resolve("config.json"), folder.resolve("config.json"));
    Files.write(
        folder.resolve(WEIGHTS),
        renamed(
            Files.readAllBytes(DEMO.resolve(WEIGHTS)),
            Map.of("to_q", "query", "to_k", "key", "to_v", "value", "to_out.0", "proj_attn")));
    Component old = Component.open("vae", folder);
    try (Kernels kernels = Kernels.load(Device.cpu());
        NDManager scope = kernels.manager().newSubManager()) {
      assertThat(picture(old, kernels, scope))
          .containsExactly(picture(Component.open("vae", DEMO), kernels, scope));
    }
  }

  private static float[] picture(Component component, Kernels kernels, NDManager scope) {
    try (Weights weights =
        WeightResidency.SEQUENTIAL.weights(
            new WeightLoader(component.checkpoint(), kernels, Dtype.FLOAT32))) {
      Autoencoder vae = Autoencoder.of(component, kernels, weights);
      WeightCheck.check(component.checkpoint(), vae.groups());
      NDArray latents = scope.ones(new Shape(1, 4, 4, 4));
      return vae.decode(scope, latents).toFloatArray();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"latents_mean", "latents_std"})
  void aMeanWithoutAStdIsPassedOverAsInDiffusers(String alone) throws IOException {
    ObjectNode config = (ObjectNode) JSON.readTree(DEMO.resolve("config.json").toFile());
    config.set(alone, JSON.readTree("[0.1, -0.2, 0.3, 0.5]"));
    LatentScale scale = AutoencoderConfig.of(component(config)).latentScale();
    assertThat(scale.mean()).isEmpty();
    assertThat(scale.std()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "_class_name | \"AsymmetricAutoencoderKL\" | AutoencoderKL",
        "act_fn | \"mish\" | silu",
        "block_out_channels | [16, -1] | a list, each a whole number from 1",
        "down_block_types | [\"DownEncoderBlock2D\", \"AttnDownEncoderBlock2D\"] |"
            + " DownEncoderBlock2D",
        "up_block_types | [\"UpDecoderBlock2D\"] | a list of 4 UpDecoderBlock2D",
        "norm_num_groups | 7 | divisor",
        "layers_per_block | 1.5 | whole number",
        "block_out_channels | [16, 32, 64.0, 64] | a list, each a whole number from 1",
        "block_out_channels | {\"a\": 16} | a list, each a whole number from 1",
        "force_upcast | \"yes\" | true or false",
        "latents_mean | [0.5] | null or 4 numbers",
        "latents_std | [1.0, 1.0, 1.0] | null or 4 numbers",
        "in_channels | 4 | supported: 3",
        "out_channels | 1 | supported: 3",
      })
  void whatIsNotSupportedIsRefusedByFileAndKey(String key, String value, String supported)
      throws IOException {
    ObjectNode config = (ObjectNode) JSON.readTree(DEMO.resolve("config.json").toFile());
    config.set(key, JSON.readTree(value));
    Component component = component(config);
    assertThatThrownBy(() -> AutoencoderConfig.of(component))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining(folder.resolve("config.json").toString())
        .hasMessageContaining(key + " is ")
        .hasMessageContaining(supported);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "act_fn | \"gelu\" | relu",
        "upsampling_scaling_factor | 4 | 2",
        "in_channels | 4 | in_channels is 4; supported: 3",
        "decoder_block_out_channels | [8, 8, 8, 16] | 8, 4 times",
        "num_decoder_blocks | [2, 2, 2] | 8, 3 times",
        "num_decoder_blocks | [2, 2, 2, 1001] | num_decoder_blocks is [2,2,2,1001]; supported: at"
            + " most 1000",
      })
  void soIsWhatATinyOneCannotHave(String key, String value, String supported) throws IOException {
    Path tiny = VaeGoldens.FOLDER.resolve("tiny").resolve("config.json");
    ObjectNode config = (ObjectNode) JSON.readTree(tiny.toFile());
    config.set(key, JSON.readTree(value));
    Component component = component(config);
    assertThatThrownBy(() -> AutoencoderConfig.of(component))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining(folder.resolve("config.json") + ": ")
        .hasMessageContaining(supported);
  }

  private Component component(JsonNode config) throws IOException {
    Files.copy(DEMO.resolve(WEIGHTS), folder.resolve(WEIGHTS));
    JSON.writeValue(folder.resolve("config.json").toFile(), config);
    return Component.open("vae", folder);
  }

  private static List<Long> longs(JsonNode shape) {
    List<Long> sizes = new ArrayList<>();
    shape.forEach(size -> sizes.add(size.asLong()));
    return sizes;
  }

  /** A safetensors file with other names for the same tensors. */
  private static byte[] renamed(byte[] file, Map<String, String> names) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    String header = new String(file, 8, length, StandardCharsets.UTF_8);
    for (Map.Entry<String, String> name : names.entrySet()) {
      header = header.replace("." + name.getKey() + ".", "." + name.getValue() + ".");
    }
    byte[] written = header.getBytes(StandardCharsets.UTF_8);
    int rest = file.length - 8 - length;
    return ByteBuffer.allocate(8 + written.length + rest)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(written.length)
        .put(written)
        .put(file, 8 + length, rest)
        .array();
  }
}
