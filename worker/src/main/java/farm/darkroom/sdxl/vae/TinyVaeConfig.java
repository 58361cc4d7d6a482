package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import java.util.List;

/**
 * The config.json of an {@code AutoencoderTiny}, with diffusers' names and defaults.
 *
 * @param channels of every block; diffusers' class cannot run with blocks that differ
 * @param numEncoderBlocks blocks of each stage from the picture to the latents
 * @param numDecoderBlocks blocks of each stage from the latents to the picture
 */
public record TinyVaeConfig(
    int inChannels,
    int outChannels,
    int latentChannels,
    int channels,
    List<Integer> numEncoderBlocks,
    List<Integer> numDecoderBlocks,
    LatentScale latentScale)
    implements AutoencoderConfig {
  private static final List<Integer> WIDTHS = List.of(64, 64, 64, 64);

  public TinyVaeConfig {
    numEncoderBlocks = List.copyOf(numEncoderBlocks);
    numDecoderBlocks = List.copyOf(numDecoderBlocks);
  }

  /** Reads the component's config; refuses activations and shapes that TAESD does not have. */
  static TinyVaeConfig of(Component component) {
    ConfigReader json = ConfigReader.of(component);
    json.only("act_fn", "relu");
    VaeConfig.onlyColours(json);
    json.only("upsample_fn", "nearest");
    json.only("upsampling_scaling_factor", 2);
    List<Integer> encoder = json.integers("encoder_block_out_channels", WIDTHS);
    List<Integer> decoder = json.integers("decoder_block_out_channels", WIDTHS);
    List<Integer> encoderBlocks = layers(json, "num_encoder_blocks", List.of(1, 3, 3, 3));
    List<Integer> decoderBlocks = layers(json, "num_decoder_blocks", List.of(3, 3, 3, 1));
    int width = encoder.get(0);
    check(json, "encoder_block_out_channels", encoder, width, encoderBlocks.size());
    check(json, "decoder_block_out_channels", decoder, width, decoderBlocks.size());
    if (encoderBlocks.size() != decoderBlocks.size()) {
      throw json.refusal("num_decoder_blocks", encoderBlocks.size() + ", as many as the encoder");
    }
    return new TinyVaeConfig(
        json.integer("in_channels", 3),
        json.integer("out_channels", 3),
        json.integer("latent_channels", 4),
        width,
        encoderBlocks,
        decoderBlocks,
        new LatentScale(json.positive("scaling_factor", 1), List.of(), List.of()));
  }

  private static List<Integer> layers(ConfigReader json, String key, List<Integer> absent) {
    return json.layers(key, json.integers(key, absent));
  }

  private static void check(
      ConfigReader json, String key, List<Integer> widths, int width, int blocks) {
    if (widths.size() != blocks || widths.stream().anyMatch(w -> w != width)) {
      throw json.refusal(key, width + ", " + blocks + " times");
    }
    VaeConfig.few(json, key, widths);
  }

  @Override
  public int vaeScaleFactor() {
    return 1 << (numDecoderBlocks.size() - 1);
  }

  /** No: it runs in any dtype. */
  @Override
  public boolean forceUpcast() {
    return false;
  }

  @Override
  public Tiling tiling() {
    return new Tiling(512, 512 / vaeScaleFactor(), 0.125);
  }
}
