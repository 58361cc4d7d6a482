package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.List;

/** The weight groups that a ControlNet has besides those of its half of a UNet. */
final class ControlNetGroups {
  private ControlNetGroups() {}

  /** diffusers' ControlNetConditioningEmbedding. */
  static WeightGroup imageEmbedding(ControlNetConfig config) {
    List<Integer> widths = config.embeddingChannels();
    int last = widths.size() - 1;
    WeightGroup.Builder group =
        WeightGroup.of("controlnet_cond_embedding")
            .convolution("conv_in", config.conditioningChannels(), widths.get(0), 3);
    for (int i = 0; i < last; i++) {
      int in = widths.get(i);
      group.convolution("blocks." + 2 * i, in, in, 3);
      group.convolution("blocks." + (2 * i + 1), in, widths.get(i + 1), 3);
    }
    int base = config.encoder().baseChannels();
    return group.convolution("conv_out", widths.get(last), base, 3).build();
  }

  /** The 1x1 convolutions, zero before training, that give the residuals: one for each skip. */
  static WeightGroup residuals(EncoderConfig config) {
    WeightGroup.Builder group = WeightGroup.of("controlnet_blocks", "");
    convolution(group, 0, config.baseChannels());
    int skips = 1;
    int last = config.down().size() - 1;
    for (int i = 0; i <= last; i++) {
      BlockConfig block = config.down().get(i);
      int end = skips + block.resnets() + (i == last ? 0 : 1);
      while (skips < end) {
        convolution(group, skips++, block.channels());
      }
    }
    int width = config.down().get(last).channels();
    return group.convolution("controlnet_mid_block", width, width, 1).build();
  }

  private static void convolution(WeightGroup.Builder group, int i, int width) {
    group.convolution("controlnet_down_blocks." + i, width, width, 1);
  }
}
