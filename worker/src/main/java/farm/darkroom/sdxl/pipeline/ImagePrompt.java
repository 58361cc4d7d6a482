package farm.darkroom.sdxl.pipeline;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.vae.Raster;

/**
 * A picture that prompts (diffusers: {@code ip_adapter_image}), asked of a request.
 *
 * @param adapter open, and staying the caller's
 * @param image of any size; the middle square of it is seen
 * @param scale as {@code set_ip_adapter_scale}
 */
public record ImagePrompt(IpAdapter adapter, Raster image, double scale) {
  public ImagePrompt {
    requireNonNull(adapter, "adapter");
    requireNonNull(image, "image");
  }
}
