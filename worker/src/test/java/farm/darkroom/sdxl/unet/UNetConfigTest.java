package farm.darkroom.sdxl.unet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import farm.darkroom.sdxl.snapshot.JsonFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UNetConfigTest {
  private static final Path BASE = GoldenTensors.FOLDER.resolve("topology/base.json");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "_class_name | 'UNet3DConditionModel' | UNet2DConditionModel",
        "addition_embed_type | null | text_time",
        "encoder_hid_dim_type | 'image_proj' | null",
        "act_fn | 'gelu' | silu or swish",
        "class_embed_type | 'timestep' | null",
        "resnet_time_scale_shift | 'scale_shift' | default",
        "down_block_types | ['DownBlock2D', 'AttnDownBlock2D', 'DownBlock2D'] | a list of 3 of",
        "up_block_types | ['UpBlock2D'] | a list of 3 of",
        "mid_block_type | 'UNetMidBlock2DSimpleCrossAttn' | UNetMidBlock2D or null",
        "block_out_channels | [] | a list, each a whole number from 1",
        "block_out_channels | [320, 640.0, 1280] | a list, each a whole number from 1 to 1000000",
        "block_out_channels | 320 | a list",
        "attention_head_dim | [5, 10] | a whole number or a list of 3",
        "block_out_channels | [2147483647, 640, 1280] | a list, each a whole number from 1 to 1000000",
        "layers_per_block | 1001 | at most 1000",
        "transformer_layers_per_block | [1, 2, 5000] | at most 1000",
        "transformer_layers_per_block | [1, -2, 10] | for each attention",
        "norm_eps | 1e400 | a number from 0 to 1",
        "attention_head_dim | 0 | a whole number from 1 to 1000000",
        "layers_per_block | 2.5 | a whole number from 1 to 1000000",
        "transformer_layers_per_block | [1, 2, [10]] | for each attention",
        "transformer_layers_per_block | [1, 2, [10, '10']] | for each attention",
        "transformer_layers_per_block | [1, 2.0, 10] | for each attention",
        "transformer_layers_per_block | [1, 2] | for each attention",
        "norm_num_groups | null | a whole number from 1",
        "norm_num_groups | 7 | a divisor of every one of [320, 640, 1280]",
        "norm_eps | 'small' | a number",
        "projection_class_embeddings_input_dim | null | a whole number from 1",
        "use_linear_projection | 1 | true or false",
        "num_attention_heads | 8 | null",
        "conv_in_kernel | 4 | 1 or 3 or 5",
      })
  void refusesWhatItCannotDo(String key, String value, String supported) throws IOException {
    ObjectNode config = JsonFile.object(BASE);
    config.set(key, new ObjectMapper().readTree(value.replace('\'', '"')));
    assertThatThrownBy(() -> UNetConfig.of(new ConfigReader(BASE, config)))
        .isInstanceOf(SdxlException.class)
        .hasMessageStartingWith(BASE + ": " + key + " is " + config.get(key))
        .hasMessageContaining(supported)
        .hasMessageNotContaining("\n");
  }

  @Test
  void oneNumberStandsForAllBlocks() {
    ObjectNode config = JsonFile.object(BASE);
    config.put("attention_head_dim", 4).put("layers_per_block", 3);
    config.put("transformer_layers_per_block", 5).remove("mid_block_type");
    UNetConfig read = UNetConfig.of(new ConfigReader(BASE, config));
    assertThat(read.encoder().down().get(1))
        .isEqualTo(new BlockConfig(640, 3, 4, List.of(5, 5, 5)));
    assertThat(read.up().get(0).transformerLayers()).containsExactly(5, 5, 5, 5);
    assertThat(read.encoder().middle().orElseThrow().transformerLayers()).containsExactly(5);
  }

  @ParameterizedTest
  @CsvSource({"4, 4, false", "9, 4, true", "16, 16, false", "33, 16, true", "8, 4, false"})
  void modelForInpaintingTakesMaskAndMaskedLatentsToo(int in, int out, boolean inpainting) {
    ObjectNode config = JsonFile.object(BASE).put("in_channels", in).put("out_channels", out);
    assertThat(UNetConfig.of(new ConfigReader(BASE, config)).isInpainting()).isEqualTo(inpainting);
  }

  @ParameterizedTest
  @CsvSource({"4, 4, false", "8, 4, true", "16, 16, false", "32, 16, true", "9, 4, false"})
  void modelThatEditsTakesThePictureToo(int in, int out, boolean editing) {
    ObjectNode config = JsonFile.object(BASE).put("in_channels", in).put("out_channels", out);
    assertThat(UNetConfig.of(new ConfigReader(BASE, config)).isEditing()).isEqualTo(editing);
  }
}
