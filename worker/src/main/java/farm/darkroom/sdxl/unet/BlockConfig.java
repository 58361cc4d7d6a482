package farm.darkroom.sdxl.unet;

import java.util.List;

/**
 * The config of a down, mid or up block.
 *
 * @param channels what it puts out
 * @param resnets how many ResnetBlock2D it has; the mid block counts the one before its attentions
 * @param heads attention heads
 * @param transformerLayers BasicTransformerBlocks of each Transformer2DModel; empty for a block
 *     without attention
 */
public record BlockConfig(int channels, int resnets, int heads, List<Integer> transformerLayers) {

  public BlockConfig {
    transformerLayers = List.copyOf(transformerLayers);
  }
}
