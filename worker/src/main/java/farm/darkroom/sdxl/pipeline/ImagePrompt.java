package farm.darkroom.sdxl.pipeline;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.unet.PictureScale;
import farm.darkroom.sdxl.vae.Raster;

/**
 * A picture that prompts (diffusers: {@code ip_adapter_image}), asked of a request.
 *
 * @param adapter open, and staying the caller's
 * @param image of any size; the middle square of it is seen
 * @param scale how much it adds
 */
public record ImagePrompt(IpAdapter adapter, Raster image, PictureScale scale) {
  public ImagePrompt {
    requireNonNull(adapter, "adapter");
    requireNonNull(image, "image");
    requireNonNull(scale, "scale");
  }
}
