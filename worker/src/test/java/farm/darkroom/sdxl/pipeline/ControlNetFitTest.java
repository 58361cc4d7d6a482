package farm.darkroom.sdxl.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.unet.ControlNetConfig;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vae.AutoencoderConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks that would steer another model than the demo's. */
class ControlNetFitTest {
  private static final Path OWN = Path.of("src/test/resources/goldens/unet/controlnet");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "conditioning_channels | 1 | conditioning_channels is 1; supported: 3, since control pictures are RGB",
        "in_channels | 9 | in_channels is 9; supported: the unet's latents, which have 4",
        "addition_time_embed_dim | 16 | is for cross_attention_dim 160, addition_time_embed_dim 16",
      })
  void whatDoesNotFitIsNamed(String key, int value, String message) throws IOException {
    Component component = with(key, IntNode.valueOf(value));
    UNetConfig unet = UNetConfig.read(Path.of("demo-model/base/unet/config.json"));
    assertThatThrownBy(() -> ControlNet.check(component, ControlNetConfig.of(component), unet))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining(folder.resolve("config.json") + ": ")
        .hasMessageContaining(message);
  }

  @Test
  void viewOfAnotherSizeThanTheLatentsIsNamed() throws IOException {
    Component component =
        with("conditioning_embedding_out_channels", new ObjectMapper().valueToTree(List.of(8, 16)));
    AutoencoderConfig vae =
        AutoencoderConfig.of(Component.open("vae", Path.of("demo-model/base/vae")));
    assertThatThrownBy(() -> ControlNet.check(component, ControlNetConfig.of(component), vae))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining(folder.resolve("config.json") + ": ")
        .hasMessageContaining(
            "conditioning_embedding_out_channels is [8,16]; supported: 4 widths, since the vae makes each side 8 times smaller");
  }

  private Component with(String key, JsonNode value) throws IOException {
    ObjectMapper json = new ObjectMapper();
    ObjectNode config = (ObjectNode) json.readTree(OWN.resolve("config.json").toFile());
    json.writeValue(folder.resolve("config.json").toFile(), config.set(key, value));
    Files.copy(
        OWN.resolve("extra.safetensors"), folder.resolve("diffusion_pytorch_model.safetensors"));
    return ControlNet.component(folder);
  }
}
