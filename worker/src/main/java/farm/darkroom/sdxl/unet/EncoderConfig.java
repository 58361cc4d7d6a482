package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.snapshot.ConfigReader;
import java.util.List;
import java.util.Optional;

/**
 * The half of a UNet that a ControlNet copies: embeddings, way down and middle.
 *
 * @param inChannels 4, 8 for editing (latents, the picture's), or 9 for inpainting (latents, mask,
 *     masked latents)
 * @param crossAttentionDim features of the text
 * @param useLinearProjection linear projections into and out of transformers, else 1x1 convolutions
 * @param middle empty where the mid block is null (pruned models)
 */
public record EncoderConfig(
    int inChannels,
    int convInKernel,
    TimeConfig time,
    NormConfig norm,
    int crossAttentionDim,
    boolean useLinearProjection,
    List<BlockConfig> down,
    Optional<BlockConfig> middle) {

  public EncoderConfig {
    down = List.copyOf(down);
  }

  static EncoderConfig of(ConfigReader json, BlockReader blocks) {
    json.only("conv_in_kernel", 1, 3, 5);
    Unsupported.refuse(json);
    return new EncoderConfig(
        json.integer("in_channels", UNetConfig.CHANNELS),
        json.integer("conv_in_kernel", 3),
        TimeConfig.of(json, blocks.channels().get(0)),
        NormConfig.of(json, blocks.channels()),
        json.integer("cross_attention_dim", 1280),
        json.flag("use_linear_projection", false),
        blocks.down(),
        blocks.middle());
  }

  /** The properties that a ControlNet must share with its UNet, as text. */
  public String shape() {
    List<Integer> channels = down.stream().map(BlockConfig::channels).toList();
    List<Integer> layers = down.stream().map(BlockConfig::resnets).toList();
    return "cross_attention_dim %d, addition_time_embed_dim %d, projection_class_embeddings_input_dim %d, blocks of %s channels with %s layers"
        .formatted(
            crossAttentionDim,
            time.additionTimeEmbedDim(),
            time.projectionInputDim(),
            channels,
            layers);
  }

  /** Channels at full resolution. */
  int baseChannels() {
    return down.get(0).channels();
  }
}
