package farm.darkroom.sdxl.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.unet.ControlNetConfig;
import farm.darkroom.sdxl.unet.UNetConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    ObjectMapper json = new ObjectMapper();
    ObjectNode config = (ObjectNode) json.readTree(OWN.resolve("config.json").toFile());
    json.writeValue(folder.resolve("config.json").toFile(), config.put(key, value));
    Files.copy(
        OWN.resolve("extra.safetensors"), folder.resolve("diffusion_pytorch_model.safetensors"));
    Component component = ControlNet.component(folder);
    UNetConfig unet = UNetConfig.read(Path.of("demo-model/base/unet/config.json"));
    assertThatThrownBy(() -> ControlNet.check(component, ControlNetConfig.of(component), unet))
        .isInstanceOf(SdxlException.class)
        .hasMessageContaining(folder.resolve("config.json") + ": ")
        .hasMessageContaining(message);
  }
}
