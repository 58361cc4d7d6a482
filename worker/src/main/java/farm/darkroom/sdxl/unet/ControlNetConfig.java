package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import java.util.List;
import java.util.Optional;

/**
 * What decides the topology of a ControlNetModel for SDXL.
 *
 * @param conditioningChannels of the control image
 * @param embeddingChannels widths of the convolutions that bring the image to the latents' size;
 *     each but the first halves it
 * @param bgr whether the network was trained on pictures with blue first
 * @param globalPoolConditions whether residuals are averaged over the picture
 */
public record ControlNetConfig(
    EncoderConfig encoder,
    int conditioningChannels,
    List<Integer> embeddingChannels,
    boolean bgr,
    boolean globalPoolConditions) {
  private static final List<Integer> EMBEDDING = List.of(16, 32, 96, 256);

  public ControlNetConfig {
    embeddingChannels = List.copyOf(embeddingChannels);
  }

  /** Reads a ControlNet's config.json; what is not supported is refused with one line. */
  public static ControlNetConfig of(Component component) {
    return of(ConfigReader.of(component));
  }

  static ControlNetConfig of(ConfigReader json) {
    json.only("_class_name", "ControlNetModel");
    json.only("conv_in_kernel", 3);
    json.only("time_embedding_dim");
    json.only("time_cond_proj_dim");
    json.only("controlnet_conditioning_channel_order", "rgb", "bgr");
    EncoderConfig encoder = EncoderConfig.of(json, BlockReader.of(json));
    if (encoder.middle().isEmpty()) {
      throw json.refusal("mid_block_type", "UNetMidBlock2DCrossAttn or UNetMidBlock2D");
    }
    return new ControlNetConfig(
        encoder,
        json.integer("conditioning_channels", 3),
        json.integers("conditioning_embedding_out_channels", EMBEDDING),
        json.text("controlnet_conditioning_channel_order").equals(Optional.of("bgr")),
        json.flag("global_pool_conditions", false));
  }

  /** Pixels of the control image for one of the latents, along each side. */
  public int scaleFactor() {
    return 1 << (embeddingChannels.size() - 1);
  }
}
