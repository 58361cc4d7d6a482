package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import java.util.OptionalInt;

/**
 * What does not change over the steps of a job for one ControlNet: its text, and its view of the
 * control image. One job owns it and closes it. Not thread-safe.
 *
 * @param text as for the UNet, computed with the ControlNet's own weights
 * @param image {@code [1 or n, channels, h, w]} in compute dtype, at the latents' size
 * @param controlMode the kind of picture that it is to a union
 */
public record ControlNetConditioning(UNetConditioning text, NDArray image, OptionalInt controlMode)
    implements AutoCloseable {

  @Override
  public void close() {
    image.close();
    text.close();
  }
}
