package farm.darkroom.sdxl.singlefile;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * LDM's names of a ControlNet's tensors to diffusers' (its {@code convert_controlnet_checkpoint},
 * and of the embedded sizes as of a UNet's). A name that has no counterpart stays.
 *
 * @param encoder of the half that a ControlNet copies from its UNet
 * @param lastHint the number of the hint's last convolution
 */
record ControlNetNames(UNetNames encoder, int lastHint) {
  /** Convolutions of the control image, with an activation, which has a number too, after each. */
  static final String HINT = "input_hint_block.";

  private static final Pattern HINT_LAYER = Pattern.compile("input_hint_block\\.(\\d{1,3})\\.(.*)");
  private static final Pattern ZERO =
      Pattern.compile("(?:zero_convs\\.(\\d{1,3})|middle_block_out)\\.0\\.(.*)");

  static ControlNetNames of(Tensors ldm) {
    int last = 0;
    while (ldm.has(HINT + (last + 2) + ".weight")) {
      last += 2;
    }
    return new ControlNetNames(new UNetNames(UNetBlocks.of(ldm)), last);
  }

  String of(String ldm) {
    Matcher zero = ZERO.matcher(ldm);
    if (zero.matches()) {
      return zero.group(1) == null
          ? "controlnet_mid_block." + zero.group(2)
          : "controlnet_down_blocks.%s.%s".formatted(zero.group(1), zero.group(2));
    }
    Matcher hint = HINT_LAYER.matcher(ldm);
    return hint.matches()
        ? hint(ldm, Integer.parseInt(hint.group(1)), hint.group(2))
        : encoder.of(ldm);
  }

  private String hint(String ldm, int number, String leaf) {
    if (number % 2 != 0 || number > lastHint) {
      return ldm;
    }
    return "controlnet_cond_embedding.%s.%s".formatted(hintLayer(number), leaf);
  }

  private String hintLayer(int number) {
    if (number == 0) {
      return "conv_in";
    }
    return number == lastHint ? "conv_out" : "blocks." + (number / 2 - 1);
  }
}
