package farm.darkroom.sdxl.pipeline;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.vae.Raster;

/**
 * A control picture, asked of a request.
 *
 * @param raster of any size, as the network wants it; it is brought to the picture's size
 * @param scale {@code controlnet_conditioning_scale}
 * @param start {@code control_guidance_start}, the share of the steps at which it begins
 * @param end {@code control_guidance_end}, the share of the steps at which it ends
 */
public record ControlImage(Raster raster, double scale, double start, double end) {
  public ControlImage {
    requireNonNull(raster, "raster");
  }

  /**
   * How strongly it steers each step (diffusers: {@code controlnet_keep}).
   *
   * @param steps that the request would do without {@code denoising_end}
   */
  double scaleAt(int step, int steps) {
    boolean outside = (double) step / steps < start || (step + 1.0) / steps > end;
    return outside ? 0 : scale;
  }
}
