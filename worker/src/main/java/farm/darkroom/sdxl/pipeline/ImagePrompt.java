package farm.darkroom.sdxl.pipeline;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.unet.PictureScale;
import farm.darkroom.sdxl.vae.Raster;
import java.util.List;
import java.util.Optional;

/**
 * Pictures that prompt (diffusers: {@code ip_adapter_image}), asked of a request.
 *
 * @param adapter open, and staying the caller's
 * @param images of any size; the middle square of each is seen, and all are attended to at once
 * @param scale how much they add
 * @param mask white where they are seen (diffusers: {@code ip_adapter_masks}), of any size; empty:
 *     they are seen everywhere
 */
public record ImagePrompt(
    IpAdapter adapter, List<Raster> images, PictureScale scale, Optional<Raster> mask) {
  public ImagePrompt {
    requireNonNull(adapter, "adapter");
    images = List.copyOf(images);
    requireNonNull(scale, "scale");
    requireNonNull(mask, "mask");
  }
}
