package farm.darkroom.sdxl.unet;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * Pictures of an IP-Adapter that a UNet is to attend to.
 *
 * @param tokens {@code [n, tokens, cross_attention_dim]}, as many rows as the text has
 * @param scale of what they add
 * @param mask where they add it; empty: everywhere
 */
public record PictureTokens(NDArray tokens, PictureScale scale, Optional<PictureMask> mask) {
  public PictureTokens {
    requireNonNull(tokens, "tokens");
    requireNonNull(scale, "scale");
    requireNonNull(mask, "mask");
  }
}
