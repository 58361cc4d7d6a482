package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import farm.darkroom.sdxl.weights.WeightSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextEncoderTopologyTest {
  private static final Path FILE = Path.of("text_encoder/config.json");

  @ParameterizedTest
  @CsvSource({"text_encoder,false,123060480", "text_encoder_2,true,694659840"})
  void namesAndShapesOfTheRealModels(String name, boolean projection, long parameters) {
    CLIPTextModel model = new CLIPTextModel(real(name), projection, "text_model.");
    Map<String, List<Long>> found = new TreeMap<>();
    model.groups().stream()
        .flatMap(group -> group.weights().stream())
        .forEach(weight -> assertThat(found.put(weight.tensor(), weight.shape())).isNull());
    Map<String, List<Long>> expected = new TreeMap<>();
    TextGoldens.json("real/" + name + "/tensors.json")
        .properties()
        .forEach(e -> expected.put(e.getKey(), shape(e.getValue())));
    assertThat(found).isEqualTo(expected);
    assertThat(model.groups().stream().mapToLong(g -> g.parameters()).sum()).isEqualTo(parameters);
  }

  @Test
  void filesMayLeaveThePrefixOut() {
    CLIPTextModel model = new CLIPTextModel(real("text_encoder_2"), true, "");
    assertThat(model.groups().stream().flatMap(g -> g.weights().stream()).map(WeightSpec::tensor))
        .contains(
            "embeddings.token_embedding.weight",
            "encoder.layers.31.mlp.fc2.bias",
            "final_layer_norm.weight",
            "text_projection.weight");
    assertThat(model.groups().stream().map(g -> g.name())).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hidden_act | \"mish\" | quick_gelu, gelu",
        "hidden_act | 5 | a name",
        "hidden_size | 100 | a multiple of num_attention_heads 12",
        "num_attention_heads | 0 | a whole number from 1 to 1000000",
        "layer_norm_eps | \"x\" | a number from 0 to 1",
        "num_hidden_layers | 5000 | at most 1000",
        "eos_token_id | \"2\" | a whole number from 0",
      })
  void whatIsNotSupportedIsNamed(String key, String value, String supported) throws IOException {
    ObjectNode config = (ObjectNode) TextGoldens.json("real/text_encoder/config.json");
    config.set(key, new ObjectMapper().readTree(value));
    assertThatThrownBy(() -> CLIPTextConfig.of(new ConfigReader(FILE, config)))
        .isInstanceOf(SdxlException.class)
        .hasMessageStartingWith(
            FILE + ": %s is %s; supported: %s".formatted(key, value, supported));
  }

  private static CLIPTextConfig real(String name) {
    return CLIPTextConfig.of(
        new ConfigReader(FILE, TextGoldens.json("real/" + name + "/config.json")));
  }

  private static List<Long> shape(JsonNode sizes) {
    return Arrays.stream(TextGoldens.longs(sizes)).boxed().toList();
  }
}
