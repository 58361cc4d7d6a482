package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.snapshot.Component;
import java.util.List;

/**
 * The config.json of an {@code AutoencoderKL}, with diffusers' names and defaults.
 *
 * @param blockOutChannels channels of the blocks from the picture to the latents, never empty
 * @param sampleSize the picture's side in pixels for which the model was trained: the tile's side
 * @param forceUpcast whether float16 overflows in this model, so that it should run in float32
 * @param latentScale what lies between its latents and the UNet's
 */
public record VaeConfig(
    int inChannels,
    int outChannels,
    int latentChannels,
    List<Integer> blockOutChannels,
    int layersPerBlock,
    int normNumGroups,
    int sampleSize,
    boolean forceUpcast,
    boolean midBlockAddAttention,
    boolean useQuantConv,
    boolean usePostQuantConv,
    LatentScale latentScale)
    implements AutoencoderConfig {
  static final int MOST_BLOCKS = 16;
  static final int MOST_LAYERS = 1000;

  /** Latents of a tile for one that it shares with the next. */
  private static final int TILE_STEP = 4;

  public VaeConfig {
    blockOutChannels = List.copyOf(blockOutChannels);
  }

  /** Reads the component's config; refuses blocks and activations that SDXL's VAE does not have. */
  static VaeConfig of(Component component) {
    ConfigFields fields = new ConfigFields(component);
    fields.only("down_block_types", List.of("DownEncoderBlock2D"));
    fields.only("up_block_types", List.of("UpDecoderBlock2D"));
    fields.only("act_fn", List.of("silu", "swish"));
    VaeConfig config =
        new VaeConfig(
            fields.count("in_channels", 3),
            fields.count("out_channels", 3),
            fields.count("latent_channels", 4),
            fields.counts("block_out_channels", List.of(64)),
            fields.count("layers_per_block", 1),
            fields.count("norm_num_groups", 32),
            fields.count("sample_size", 32),
            fields.flag("force_upcast", true),
            fields.flag("mid_block_add_attention", true),
            fields.flag("use_quant_conv", true),
            fields.flag("use_post_quant_conv", true),
            new LatentScale(
                fields.positive("scaling_factor", 0.18215),
                fields.numbers("latents_mean"),
                fields.numbers("latents_std")));
    config.check(fields);
    return config;
  }

  private void check(ConfigFields fields) {
    fields.few("block_out_channels", MOST_BLOCKS, blockOutChannels.size());
    fields.few("layers_per_block", MOST_LAYERS, layersPerBlock);
    if (blockOutChannels.stream().anyMatch(c -> c % normNumGroups != 0)) {
      throw fields.refuse("norm_num_groups", "a divisor of every one of " + blockOutChannels);
    }
    for (String key : List.of("down_block_types", "up_block_types")) {
      int blocks = fields.component().config().path(key).size();
      if (blocks != 0 && blocks != blockOutChannels.size()) {
        throw fields.refuse(key, blockOutChannels.size() + " blocks, as in block_out_channels");
      }
    }
    if (!latentScale.mean().isEmpty() && latentScale.mean().size() != latentChannels) {
      throw fields.refuse("latents_mean", "null or " + latentChannels + " numbers");
    }
    if (latentScale.std().size() != latentScale.mean().size()) {
      throw fields.refuse("latents_std", latentScale.mean().size() + " numbers, as latents_mean");
    }
  }

  @Override
  public int vaeScaleFactor() {
    return 1 << (blockOutChannels.size() - 1);
  }

  /**
   * Down to tiles that overlap by whole latents: with others, diffusers' tiles do not meet. At
   * least the smallest of those.
   */
  @Override
  public Tiling tiling() {
    int latents = Math.max(TILE_STEP, sampleSize / vaeScaleFactor() / TILE_STEP * TILE_STEP);
    return new Tiling(latents * vaeScaleFactor(), latents, 1.0 / TILE_STEP);
  }

  int deepestChannels() {
    return blockOutChannels.get(blockOutChannels.size() - 1);
  }
}
