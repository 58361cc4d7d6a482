package farm.darkroom.sdxl.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a LoRA file may not be. What it may be is in GoldenJobsTest, against diffusers. */
class LoraSetTest {
  private static final List<Component> COMPONENTS = components();
  private static final String LAYER = "unet.mid_block.attentions.0.proj_in";
  private static final long WIDTH = 112;

  @TempDir Path folder;

  private static List<Component> components() {
    Snapshot snapshot = Snapshot.open(Path.of("demo-model/base"));
    return Stream.of("unet", "text_encoder", "text_encoder_2")
        .map(snapshot::find)
        .flatMap(Optional::stream)
        .toList();
  }

  @Test
  void unknownTensorsAreNamedWithTheFile() throws IOException {
    Map<String, long[]> tensors = sound();
    tensors.put("unet.no_such_layer.lora_A.weight", new long[] {2, WIDTH});
    tensors.put("lora_unet_up_blocks_9_conv.lora_down.weight", new long[] {2, WIDTH});
    tensors.put("transformer.x.lora_A.weight", new long[] {2, WIDTH});
    tensors.put(LAYER + ".diff", new long[] {2, WIDTH});
    tensors.put("lora_te3_x.alpha", new long[] {1});
    assertThatThrownBy(() -> open(tensors))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("x.safetensors does not fit this model: ")
        .hasMessageContaining("transformer.x.lora_A.weight is no name of a LoRA weight")
        .hasMessageContaining(LAYER + ".diff is no name")
        .hasMessageContaining("unet.no_such_layer.lora_A.weight is for a layer that is not there")
        .hasMessageEndingWith("; and 1 more");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lora_A.weight | 2,100 | lora_A.weight is [2, 100], expected [2, 112] (rank first)",
        "lora_A.weight | 0,112 | lora_A.weight is [0, 112], expected a rank from 1 on, then [112]",
        "lora_A.weight | 2,112,1,1 | lora_A.weight is [2, 112, 1, 1], expected [2, 112]",
        "lora_B.weight | 112,3 | lora_B.weight is [112, 3], expected [112, 2] (rank 2)",
        "lora_B.weight | 96,2 | lora_B.weight is [96, 2], expected [112, 2] (rank 2)",
        "alpha | 2 | alpha is [2], expected one number",
      })
  void shapesThatDoNotFitAreNamed(String tensor, String shape, String refusal) throws IOException {
    Map<String, long[]> tensors = sound();
    long[] sizes = Stream.of(shape.split(",")).mapToLong(Long::parseLong).toArray();
    tensors.put(LAYER + "." + tensor, sizes);
    assertThatThrownBy(() -> open(tensors)).hasMessageContaining(LAYER + "." + refusal);
  }

  @Test
  void wholeNumbersAreNoWeights() throws IOException {
    Path file = file(sound());
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1).replaceFirst("F32", "I32");
    Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> LoraSet.open(List.of(new LoraNetwork(file, 1)), COMPONENTS))
        .hasMessageContaining(LAYER + ".lora_A.weight is I32, expected F32, F16, BF16 or F8");
  }

  @Test
  void lengthsOfDoraAreOneForEachRowOfEachLayer() throws IOException {
    Map<String, long[]> tensors = sound();
    tensors.put(LAYER + ".lora_magnitude_vector", new long[] {96});
    assertThatThrownBy(() -> open(tensors))
        .hasMessageContaining(
            LAYER + ".lora_magnitude_vector is F32 [96], expected 112 numbers (one for each row)");
    tensors.put(LAYER + ".lora_magnitude_vector", new long[] {112});
    assertThat(open(tensors).warnings()).isEmpty();
    tensors.put("unet.mid_block.attentions.0.proj_out.lora_A.weight", new long[] {2, WIDTH});
    tensors.put("unet.mid_block.attentions.0.proj_out.lora_B.weight", new long[] {WIDTH, 2});
    assertThatThrownBy(() -> open(tensors))
        .hasMessageContaining("mid_block_attentions_0_proj_out has no lora_magnitude_vector");
    Map<String, long[]> text = new LinkedHashMap<>();
    String layer = "text_encoder.encoder.layers.0.mlp.fc1";
    text.put(layer + ".lora_A.weight", new long[] {2, 64});
    text.put(layer + ".lora_B.weight", new long[] {256, 2});
    text.put(layer + ".lora_magnitude_vector", new long[] {256});
    assertThatThrownBy(() -> open(text))
        .hasMessageContaining("in text_encoder; DoRA is read for the unet alone");
  }

  @Test
  void biasesHaveANumberForEachRowOfEachLayer() throws IOException {
    Map<String, long[]> tensors = sound();
    tensors.put(LAYER + ".lora_B.bias", new long[] {96});
    assertThatThrownBy(() -> open(tensors))
        .hasMessageContaining(LAYER + ".lora_B.bias is [96], expected [112] (a row each)");
    tensors.put(LAYER + ".lora_B.bias", new long[] {112});
    assertThat(open(tensors).warnings()).isEmpty();
    tensors.put("unet.mid_block.attentions.0.proj_out.lora_A.weight", new long[] {2, WIDTH});
    tensors.put("unet.mid_block.attentions.0.proj_out.lora_B.weight", new long[] {WIDTH, 2});
    assertThatThrownBy(() -> open(tensors))
        .hasMessageContaining("mid_block_attentions_0_proj_out has no lora_B.bias, which others");
    tensors.put(LAYER + ".lora_magnitude_vector", new long[] {112});
    assertThatThrownBy(() -> open(tensors))
        .hasMessageContaining("lora_B.bias and lora_magnitude_vector exclude each other");
  }

  @Test
  void halfAPairIsNamed() throws IOException {
    Map<String, long[]> tensors = sound();
    tensors.remove(LAYER + ".lora_B.weight");
    assertThatThrownBy(() -> open(tensors))
        .hasMessageContaining(LAYER + ".lora_A.weight stands without its up weight");
  }

  @ParameterizedTest
  @CsvSource({
    "lora_unet_x.hada_w1_a, LoHa",
    "lora_unet_x.lokr_w1, LoKr",
    "lora_unet_x.lora_mid.weight, Tucker",
  })
  void otherKindsOfNetworksAreCalledByTheirNames(String tensor, String kind) throws IOException {
    Map<String, long[]> tensors = sound();
    tensors.put(tensor, new long[] {WIDTH});
    assertThatThrownBy(() -> open(tensors)).hasMessageContaining(kind).hasMessageContaining(tensor);
  }

  /** diffusers leaves the lengths out and merges the rest. */
  @Test
  void doraInKohyasNamesIsPlainLoraWithAWarning() throws IOException {
    Map<String, long[]> tensors = sound();
    tensors.put("lora_unet_mid_block_attentions_0_proj_in.dora_scale", new long[] {WIDTH, 1});
    assertThat(open(tensors).warnings())
        .singleElement()
        .asString()
        .contains("DoRA in kohya's names; as in diffusers, its dora_scale is left out");
  }

  /** diffusers knows kohya's names in a text encoder by their out_proj. */
  @ParameterizedTest
  @CsvSource({"mlp_fc1, 256, true", "self_attn_out_proj, 64, false"})
  void queriesOfAnEncoderWithoutOutProjAreLeftOut(String other, long width, boolean leftOut)
      throws IOException {
    Map<String, long[]> tensors = new LinkedHashMap<>();
    pair(tensors, "lora_te1_text_model_encoder_layers_0_self_attn_q_proj", 64);
    pair(tensors, "lora_te1_text_model_encoder_layers_0_" + other, width);
    List<String> warnings = open(tensors).warnings();
    assertThat(warnings).hasSize(leftOut ? 1 : 0);
    assertThat(warnings).allMatch(line -> line.contains("have no out_proj beside them (1);"));
  }

  /** diffusers finds the UNet's add_embedding under the original name alone. */
  @ParameterizedTest
  @CsvSource({"add_embedding_linear_2, true", "label_emb_0_2, false"})
  void addEmbeddingIsLeftOutUnlessItHasItsOriginalName(String name, boolean leftOut)
      throws IOException {
    Map<String, long[]> tensors = soundKohya();
    pair(tensors, "lora_unet_" + name, 192);
    tensors.put("lora_unet_" + name + ".lora_down.weight", new long[] {2, 192});
    List<String> warnings = open(tensors).warnings();
    assertThat(warnings).hasSize(leftOut ? 1 : 0);
    assertThat(warnings).allMatch(line -> line.contains("which calls it label_emb (1);"));
  }

  /** diffusers reads kohya's names where all are kohya's. */
  @Test
  void layersInKohyasNamesBesideOthersAreLeftOut() throws IOException {
    Map<String, long[]> tensors = sound();
    pair(tensors, "lora_te1_text_model_encoder_layers_0_mlp_fc1", 256);
    assertThat(open(tensors).warnings())
        .singleElement()
        .asString()
        .contains(
            "x.safetensors: layers have names of another kind than others, or than the first (1)")
        .endsWith("as in diffusers, they are left out");
  }

  /** diffusers renames its own names in the UNet unless the first name is PEFT's. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void layersInDiffusersNamesBehindPeftsAreLeftOut(boolean peftFirst) throws IOException {
    String layer = "unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q";
    Map<String, long[]> own = new LinkedHashMap<>();
    own.put(layer + ".lora.down.weight", new long[] {2, WIDTH});
    own.put(layer + ".lora.up.weight", new long[] {WIDTH, 2});
    Map<String, long[]> tensors = new LinkedHashMap<>(peftFirst ? sound() : own);
    tensors.putAll(peftFirst ? own : sound());
    List<String> warnings = open(tensors).warnings();
    assertThat(warnings).hasSize(peftFirst ? 1 : 0);
    assertThat(warnings)
        .allMatch(
            line ->
                line.contains(
                    "layers have names of another kind than others, or than the first (1);"));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void alphaThatIsNoNumberIsRefused(float alpha) throws IOException {
    Map<String, long[]> tensors = sound();
    tensors.put(LAYER + ".alpha", new long[] {1});
    Path file = file(tensors);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(bytes.capacity() - Float.BYTES, alpha);
    Files.write(file, bytes.array());
    assertThatThrownBy(() -> LoraSet.open(List.of(new LoraNetwork(file, 1)), COMPONENTS))
        .isInstanceOf(SdxlException.class)
        .hasMessageEndingWith("%s.alpha is %s, expected a number".formatted(LAYER, alpha));
  }

  private static void pair(Map<String, long[]> tensors, String layer, long out) {
    tensors.put(layer + ".lora_down.weight", new long[] {2, 64});
    tensors.put(layer + ".lora_up.weight", new long[] {out, 2});
  }

  @Test
  void fileWithoutTensorsIsNoLora() {
    assertThatThrownBy(() -> open(Map.of())).hasMessageContaining("no tensors");
  }

  @Test
  void sameWeightUnderTwoNamesIsRefused() throws IOException {
    Map<String, long[]> tensors = sound();
    tensors.put(LAYER + ".lora.down.weight", new long[] {2, WIDTH});
    assertThatThrownBy(() -> open(tensors)).hasMessageContaining("are the same weight");
  }

  @Test
  void layersOfAnEncoderThatTheModelLacksAreNamed() throws IOException {
    Map<String, long[]> tensors = soundKohya();
    String layer = "lora_te1_text_model_encoder_layers_0_mlp_fc1";
    tensors.put(layer + ".lora_down.weight", new long[] {2, 64});
    tensors.put(layer + ".lora_up.weight", new long[] {256, 2});
    assertThat(open(tensors).warnings()).isEmpty();
    List<Component> unet = COMPONENTS.subList(0, 1);
    LoraNetwork lora = new LoraNetwork(file(tensors), 1);
    assertThatThrownBy(() -> LoraSet.open(List.of(lora), unet))
        .hasMessageContaining(layer + ".lora_down.weight is for a layer that is not there");
  }

  @Test
  void alphasThatDiffusersDoesNotReadAreWarnedOf() {
    Path mixed = Path.of("src/test/resources/goldens/additions/kohya_mixed_alphas.safetensors");
    assertThat(LoraSet.open(List.of(new LoraNetwork(mixed, 1)), COMPONENTS).warnings())
        .singleElement()
        .asString()
        .startsWith("LoRA kohya_mixed_alphas.safetensors: alphas of ");
  }

  /** 2^60 times 112 is 0 in 64 bits: the sizes agree with 224 numbers, and memory ends there. */
  @Test
  void shapeThatOverflowsIsRefused() {
    Map<String, long[]> tensors = sound();
    long rank = 2 + (1L << 60);
    tensors.put(LAYER + ".lora_A.weight", new long[] {rank, WIDTH});
    tensors.put(LAYER + ".lora_B.weight", new long[] {WIDTH, rank});
    assertThatThrownBy(() -> open(tensors))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining("lora_A.weight has the impossible shape [1152921504606846978,112]");
  }

  @ParameterizedTest
  @CsvSource({"(a+)+$, true", ".*.*.*x, true", "mid_block.*proj_in, false", "(x|y)z, false"})
  void patternThatTakesForEverIsRefused(String pattern, boolean refused) throws IOException {
    String metadata = "{\"unet.alpha_pattern\": {\"%s\": 2}}".formatted(pattern);
    LoraNetwork lora = new LoraNetwork(file(sound(), Map.of("lora_adapter_metadata", metadata)), 1);
    if (refused) {
      assertThatThrownBy(() -> LoraSet.open(List.of(lora), COMPONENTS))
          .isInstanceOf(SdxlException.class)
          .hasMessageContaining("pattern " + pattern + " repeats too much");
    } else {
      assertThat(LoraSet.open(List.of(lora), COMPONENTS).warnings()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "[] | lora_adapter_metadata is no JSON object",
        "{'unet.lora_alpha': '8'} | lora_adapter_metadata: lora_alpha is \"8\", expected a number",
        "{'unet.lora_alpha': 1e999} | lora_adapter_metadata: lora_alpha is \"Infinity\", expected a number",
        "{'unet.alpha_pattern': {'to_v': null}} | lora_adapter_metadata: to_v is null, expected a number",
      })
  void scalesThatAreNoneAreRefused(String metadata, String expected) throws IOException {
    Map<String, String> said = Map.of("lora_adapter_metadata", metadata.replace('\'', '"'));
    LoraNetwork lora = new LoraNetwork(file(sound(), said), 1);
    assertThatThrownBy(() -> LoraSet.open(List.of(lora), COMPONENTS))
        .isInstanceOf(SdxlException.class)
        .hasMessageEndingWith(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'unet.r': 4} | 4",
        "{'unet.r': 2, 'unet.rank_pattern': {'proj_in': 8}} | 8",
        "{'unet.r': 4, 'unet.rank_pattern': {'proj_in': 2}} |",
        "{'unet.lora_alpha': 4} |",
      })
  void ranksOfTheMetadataAreThoseOfTheTensors(String metadata, String wrong) throws IOException {
    Map<String, String> said = Map.of("lora_adapter_metadata", metadata.replace('\'', '"'));
    LoraNetwork lora = new LoraNetwork(file(sound(), said), 1);
    if (wrong == null) {
      assertThat(LoraSet.open(List.of(lora), COMPONENTS).warnings()).isEmpty();
    } else {
      assertThatThrownBy(() -> LoraSet.open(List.of(lora), COMPONENTS))
          .isInstanceOf(SdxlException.class)
          .hasMessageEndingWith(
              LAYER + ".lora_A.weight has rank 2, lora_adapter_metadata says " + wrong);
    }
  }

  @ParameterizedTest
  @CsvSource({"lora_magnitude_vector, use_dora", "lora_B.bias, lora_bias"})
  void partsThatTheMetadataDoesNotNameCountForNothing(String part, String flag) throws IOException {
    Map<String, String> without = Map.of("lora_adapter_metadata", "{\"unet.r\": 2}");
    Map<String, String> with =
        Map.of("lora_adapter_metadata", "{\"unet.%s\": true}".formatted(flag));
    assertThatThrownBy(() -> open(sound(), with))
        .isInstanceOf(SdxlException.class)
        .hasMessageEndingWith(
            "lora_adapter_metadata says %s, but %s.lora_A.weight stands without its own"
                .formatted(flag, LAYER));
    Map<String, long[]> tensors = sound();
    tensors.put(LAYER + "." + part, new long[] {WIDTH});
    assertThat(open(tensors, with).warnings()).isEmpty();
    assertThat(open(tensors, without).warnings())
        .singleElement()
        .asString()
        .contains("has no use_dora or lora_bias");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null", "{}"})
  void metadataThatSaysNothingIsNone(String metadata) throws IOException {
    LoraNetwork lora = new LoraNetwork(file(sound(), Map.of("lora_adapter_metadata", metadata)), 1);
    assertThat(LoraSet.open(List.of(lora), COMPONENTS).warnings()).isEmpty();
  }

  private LoraSet open(Map<String, long[]> tensors) throws IOException {
    return open(tensors, Map.of());
  }

  private LoraSet open(Map<String, long[]> tensors, Map<String, String> metadata)
      throws IOException {
    return LoraSet.open(List.of(new LoraNetwork(file(tensors, metadata), 1)), COMPONENTS);
  }

  private static Map<String, long[]> sound() {
    Map<String, long[]> tensors = new LinkedHashMap<>();
    tensors.put(LAYER + ".lora_A.weight", new long[] {2, WIDTH});
    tensors.put(LAYER + ".lora_B.weight", new long[] {WIDTH, 2});
    return tensors;
  }

  private static Map<String, long[]> soundKohya() {
    Map<String, long[]> tensors = new LinkedHashMap<>();
    String layer = "lora_unet_mid_block_attentions_0_proj_in";
    tensors.put(layer + ".lora_down.weight", new long[] {2, WIDTH});
    tensors.put(layer + ".lora_up.weight", new long[] {WIDTH, 2});
    return tensors;
  }

  private Path file(Map<String, long[]> tensors) throws IOException {
    return file(tensors, Map.of());
  }

  /** A safetensors file of zeros. */
  private Path file(Map<String, long[]> tensors, Map<String, String> metadata) throws IOException {
    ObjectNode root = new ObjectMapper().createObjectNode();
    ObjectNode about = root.putObject("__metadata__");
    metadata.forEach(about::put);
    int at = 0;
    for (Map.Entry<String, long[]> tensor : tensors.entrySet()) {
      long elements =
          Stream.of(tensor.getValue()).flatMapToLong(Arrays::stream).reduce(1, (a, b) -> a * b);
      int end = at + (int) (elements * Float.BYTES);
      ObjectNode entry = root.putObject(tensor.getKey()).put("dtype", "F32");
      entry.set("shape", new ObjectMapper().valueToTree(tensor.getValue()));
      entry.putArray("data_offsets").add(at).add(end);
      at = end;
    }
    byte[] header = root.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + header.length + at);
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }
}
