package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import java.util.List;

/**
 * What a ControlNetUnionModel has beside a ControlNetModel: one network for several kinds of
 * control pictures.
 *
 * @param controlTypes how many kinds it was trained on
 * @param heads of the attention in its fusion
 * @param layers of its fusion
 */
public record UnionConfig(int controlTypes, int heads, int layers) {

  static UnionConfig of(ConfigReader json, int baseChannels) {
    json.only("controlnet_conditioning_channel_order", "rgb");
    for (String width : new String[] {"num_trans_channel", "num_proj_channel"}) {
      if (json.integer(width, 320) != baseChannels) {
        throw json.refusal(width, baseChannels + ", as block_out_channels begins");
      }
    }
    return new UnionConfig(
        json.integer("num_control_type", 6),
        json.integer("num_trans_head", 8),
        json.integer("num_trans_layer", 1));
  }

  /**
   * Checks the kinds of the control pictures.
   *
   * @throws SdxlException where they are not said, or the network has no such kind
   */
  void check(List<Integer> controlModes) {
    if (controlModes.isEmpty()) {
      throw refusal("none");
    }
    for (int mode : controlModes) {
      if (mode >= controlTypes) {
        throw refusal(String.valueOf(mode));
      }
    }
  }

  private SdxlException refusal(String found) {
    return new SdxlException(
        "control_mode: found %s; this ControlNet is one for %d kinds of control pictures, 0 to %d"
            .formatted(found, controlTypes, controlTypes - 1));
  }
}
