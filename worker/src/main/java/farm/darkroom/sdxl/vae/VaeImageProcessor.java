package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Kernels;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Between rasters and tensors, to the bit as diffusers' {@code VaeImageProcessor} on Pillow images.
 *
 * @param vaeScaleFactor sizes must be multiples of it
 */
public record VaeImageProcessor(Kernels kernels, int vaeScaleFactor) {

  /** The picture in RGB, {@code [1, 3, height, width]} in -1 to 1. */
  public NDArray preprocess(NDManager owner, Raster picture, Resizing framing) {
    return kernels.tensor(owner, "vae_picture", bytes(owner, framed(picture, framing).rgb()));
  }

  /** The mask in grey, {@code [1, 1, height, width]}: 1 from half white on, else 0. */
  public NDArray preprocessMask(NDManager owner, Raster mask, Resizing framing) {
    return kernels.tensor(owner, "vae_mask", bytes(owner, framed(mask, framing).gray()));
  }

  /** A control picture in RGB, {@code [1, 3, height, width]} in 0 to 1. */
  public NDArray preprocessControl(NDManager owner, Raster picture, Resizing framing) {
    return kernels.tensor(owner, "vae_control", bytes(owner, framed(picture, framing).rgb()));
  }

  /** A T2I-Adapter's picture in its own channels, {@code [1, c, height, width]} in 0 to 1. */
  public NDArray preprocessAdapterImage(NDManager owner, Raster picture, Resizing framing) {
    return kernels.tensor(owner, "vae_control", bytes(owner, framed(picture, framing)));
  }

  /**
   * The part of a picture that inpainting with {@code padding_mask_crop} works on.
   *
   * @param work the size that it works at
   * @param padding pixels around what the mask paints
   */
  public static Box cropRegion(Raster mask, Size work, int padding) {
    return CropRegion.of(mask, work, padding);
  }

  /**
   * The original with the painted picture where the mask is white.
   *
   * @param crop where the painted picture lies in the original, if it is a part of it
   */
  public static Raster applyOverlay(
      Raster mask, Raster original, Raster painted, Optional<Box> crop) {
    return Overlay.apply(mask, original, painted, crop);
  }

  private Raster framed(Raster raster, Resizing framing) {
    Size size = framing.size();
    if (size.height() % vaeScaleFactor != 0 || size.width() % vaeScaleFactor != 0) {
      throw new SdxlException(
          "a picture of %d x %d pixels; both must be multiples of %d"
              .formatted(size.width(), size.height(), vaeScaleFactor));
    }
    return framing.apply(raster);
  }

  private static NDArray bytes(NDManager owner, Raster raster) {
    Shape shape = new Shape(1, raster.height(), raster.width(), raster.channels());
    return owner.create(ByteBuffer.wrap(raster.samples()), shape, DataType.UINT8);
  }
}
