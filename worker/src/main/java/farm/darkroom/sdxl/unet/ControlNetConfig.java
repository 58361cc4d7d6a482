package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.SdxlException;
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
 * @param union of a ControlNetUnionModel, which knows several kinds of control pictures
 */
public record ControlNetConfig(
    EncoderConfig encoder,
    int conditioningChannels,
    List<Integer> embeddingChannels,
    boolean bgr,
    boolean globalPoolConditions,
    Optional<UnionConfig> union) {
  private static final List<Integer> EMBEDDING = List.of(16, 32, 96, 256);
  private static final List<Integer> UNION_EMBEDDING = List.of(48, 96, 192, 384);

  /** The class as diffusers calls it, and as the published network's config does. */
  private static final List<String> UNIONS =
      List.of("ControlNetUnionModel", "ControlNetModel_Union");

  private static final String PLAIN = "ControlNetModel";

  public ControlNetConfig {
    embeddingChannels = List.copyOf(embeddingChannels);
  }

  /** Reads a ControlNet's config.json; what is not supported is refused with one line. */
  public static ControlNetConfig of(Component component) {
    return of(ConfigReader.of(component));
  }

  static ControlNetConfig of(ConfigReader json) {
    json.only("_class_name", PLAIN, UNIONS.get(0), UNIONS.get(1));
    json.only("conv_in_kernel", 3);
    json.only("time_embedding_dim");
    json.only("time_cond_proj_dim");
    json.only("controlnet_conditioning_channel_order", "rgb", "bgr");
    EncoderConfig encoder = EncoderConfig.of(json, BlockReader.of(json));
    if (encoder.middle().isEmpty()) {
      throw json.refusal("mid_block_type", "UNetMidBlock2DCrossAttn or UNetMidBlock2D");
    }
    boolean isUnion = json.text("_class_name").filter(UNIONS::contains).isPresent();
    return new ControlNetConfig(
        encoder,
        json.integer("conditioning_channels", 3),
        json.integers("conditioning_embedding_out_channels", isUnion ? UNION_EMBEDDING : EMBEDDING),
        json.text("controlnet_conditioning_channel_order").equals(Optional.of("bgr")),
        json.flag("global_pool_conditions", false),
        isUnion ? Optional.of(UnionConfig.of(json, encoder.baseChannels())) : Optional.empty());
  }

  /** Whether a component of this class is a ControlNet. */
  public static boolean isOne(String className) {
    return className.equals(PLAIN) || UNIONS.contains(className);
  }

  /**
   * Checks the kinds of the control pictures ({@code control_mode}).
   *
   * @throws farm.darkroom.sdxl.SdxlException where a union is not told one that it knows, or
   *     another network is told one
   */
  public void check(List<Integer> controlModes) {
    if (union.isPresent()) {
      union.get().check(controlModes);
    } else if (!controlModes.isEmpty()) {
      Object found = controlModes.size() == 1 ? controlModes.get(0) : controlModes;
      throw new SdxlException(
          "control_mode: found %s; this ControlNet is for one kind of control pictures, not a union"
              .formatted(found));
    }
  }

  /** Pixels of the control image for one of the latents, along each side. */
  public int scaleFactor() {
    return 1 << (embeddingChannels.size() - 1);
  }
}
