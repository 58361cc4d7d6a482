package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.snapshot.Component;
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
    ConfigFields fields = new ConfigFields(component);
    fields.only("act_fn", List.of("relu"));
    fields.only("upsample_fn", List.of("nearest"));
    fields.only("upsampling_scaling_factor", List.of("2"));
    List<Integer> encoder = fields.counts("encoder_block_out_channels", WIDTHS);
    List<Integer> decoder = fields.counts("decoder_block_out_channels", WIDTHS);
    List<Integer> encoderBlocks = fields.counts("num_encoder_blocks", List.of(1, 3, 3, 3));
    List<Integer> decoderBlocks = fields.counts("num_decoder_blocks", List.of(3, 3, 3, 1));
    int width = encoder.get(0);
    check(fields, "encoder_block_out_channels", encoder, width, encoderBlocks);
    check(fields, "decoder_block_out_channels", decoder, width, decoderBlocks);
    if (encoderBlocks.size() != decoderBlocks.size()) {
      throw fields.refuse("num_decoder_blocks", encoderBlocks.size() + ", as many as the encoder");
    }
    return new TinyVaeConfig(
        fields.count("in_channels", 3),
        fields.count("out_channels", 3),
        fields.count("latent_channels", 4),
        width,
        encoderBlocks,
        decoderBlocks,
        new LatentScale(fields.positive("scaling_factor", 1), List.of(), List.of()));
  }

  private static void check(
      ConfigFields fields, String key, List<Integer> widths, int width, List<Integer> blocks) {
    if (widths.size() != blocks.size() || widths.stream().anyMatch(w -> w != width)) {
      throw fields.refuse(key, width + ", " + blocks.size() + " times");
    }
    fields.few(key, VaeConfig.MOST_BLOCKS, blocks.size());
    blocks.forEach(layers -> fields.few(key, VaeConfig.MOST_LAYERS, layers));
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
