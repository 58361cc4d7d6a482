package farm.darkroom.sdxl.pipeline;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.vae.Raster;

/**
 * A T2I-Adapter and its picture, asked of a request.
 *
 * @param adapter open, and staying the caller's
 * @param image of any size, as the adapter wants it; it is stretched to the picture's size
 * @param scale {@code adapter_conditioning_scale}
 */
public record AdapterImage(T2iAdapter adapter, Raster image, double scale) {
  public AdapterImage {
    requireNonNull(adapter, "adapter");
    requireNonNull(image, "image");
  }
}
