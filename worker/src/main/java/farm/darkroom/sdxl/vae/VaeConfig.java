package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import java.util.Collections;
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
  private static final int MOST_BLOCKS = 16;

  /** Latents of a tile for one that it shares with the next. */
  private static final int TILE_STEP = 4;

  public VaeConfig {
    blockOutChannels = List.copyOf(blockOutChannels);
  }

  /** Reads the component's config; refuses blocks and activations that SDXL's VAE does not have. */
  static VaeConfig of(Component component) {
    ConfigReader json = ConfigReader.of(component);
    json.only("act_fn", "silu", "swish");
    onlyColours(json);
    VaeConfig config =
        new VaeConfig(
            json.integer("in_channels", 3),
            json.integer("out_channels", 3),
            json.integer("latent_channels", 4),
            json.integers("block_out_channels", List.of(64)),
            json.layers("layers_per_block", 1),
            json.integer("norm_num_groups", 32),
            json.integer("sample_size", 32),
            json.flag("force_upcast", true),
            json.flag("mid_block_add_attention", true),
            json.flag("use_quant_conv", true),
            json.flag("use_post_quant_conv", true),
            LatentScale.of(
                json.positive("scaling_factor", 0.18215),
                json.numbers("latents_mean"),
                json.numbers("latents_std")));
    config.check(json);
    return config;
  }

  private void check(ConfigReader json) {
    few(json, "block_out_channels", blockOutChannels);
    blocks(json, "down_block_types", "DownEncoderBlock2D");
    blocks(json, "up_block_types", "UpDecoderBlock2D");
    if (blockOutChannels.stream().anyMatch(c -> c % normNumGroups != 0)) {
      throw json.refusal("norm_num_groups", "a divisor of every one of " + blockOutChannels);
    }
    perChannel(json, "latents_mean");
    perChannel(json, "latents_std");
  }

  private void perChannel(ConfigReader json, String key) {
    int found = json.numbers(key).size();
    if (found != 0 && found != latentChannels) {
      throw json.refusal(key, "null or " + latentChannels + " numbers");
    }
  }

  private void blocks(ConfigReader json, String key, String type) {
    List<String> blocks = Collections.nCopies(blockOutChannels.size(), type);
    if (!json.texts(key, blocks).equals(blocks)) {
      throw json.refusal(key, "a list of %d %s".formatted(blocks.size(), type));
    }
  }

  /** Refuses pictures of other than three channels. */
  static void onlyColours(ConfigReader json) {
    json.only("in_channels", 3);
    json.only("out_channels", 3);
  }

  /** Refuses counts of blocks that are absurdly large. */
  static void few(ConfigReader json, String key, List<Integer> blocks) {
    if (blocks.size() > MOST_BLOCKS) {
      throw json.refusal(key, "at most " + MOST_BLOCKS);
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
