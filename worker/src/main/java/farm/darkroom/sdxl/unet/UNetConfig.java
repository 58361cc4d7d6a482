package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.snapshot.Component;
import java.util.List;
import java.util.Optional;

/**
 * What decides the topology of a UNet2DConditionModel of SDXL's family. diffusers' alternatives
 * (one number or a list, reversed lists, heads called head_dim) are resolved: blocks say what they
 * are.
 *
 * @param sampleSize the side of the default latents, in latent pixels
 * @param inChannels 4, or 9 for inpainting (latents, mask, masked latents)
 * @param crossAttentionDim features of the text
 * @param useLinearProjection linear projections into and out of transformers, else 1x1 convolutions
 * @param middle empty where the mid block is null (pruned models)
 * @param up in the order of {@code up_blocks}, so the narrowest last
 */
public record UNetConfig(
    int sampleSize,
    int inChannels,
    int outChannels,
    int convInKernel,
    int convOutKernel,
    TimeConfig time,
    NormConfig norm,
    int crossAttentionDim,
    boolean useLinearProjection,
    List<BlockConfig> down,
    Optional<BlockConfig> middle,
    List<BlockConfig> up) {

  public UNetConfig {
    down = List.copyOf(down);
    up = List.copyOf(up);
  }

  /** Reads {@code unet/config.json}; what is not supported is refused with one line. */
  public static UNetConfig of(Component component) {
    return of(ConfigReader.of(component));
  }

  /** Reads a config; what is not supported is refused with one line. */
  static UNetConfig of(ConfigReader json) {
    json.only("_class_name", "UNet2DConditionModel");
    json.only("num_attention_heads");
    json.only("conv_in_kernel", "1", "3", "5");
    json.only("conv_out_kernel", "1", "3", "5");
    Unsupported.refuse(json);
    BlockReader blocks = BlockReader.of(json);
    return new UNetConfig(
        json.integer("sample_size", 128),
        json.integer("in_channels", 4),
        json.integer("out_channels", 4),
        json.integer("conv_in_kernel", 3),
        json.integer("conv_out_kernel", 3),
        TimeConfig.of(json, blocks.channels().get(0)),
        NormConfig.of(json),
        json.integer("cross_attention_dim", 1280),
        json.flag("use_linear_projection", false),
        blocks.down(),
        blocks.middle(),
        blocks.up());
  }

  /** Channels at full resolution. */
  int baseChannels() {
    return down.get(0).channels();
  }
}
