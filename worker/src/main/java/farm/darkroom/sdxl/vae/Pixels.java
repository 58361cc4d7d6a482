package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Decoded pictures as bytes. */
public final class Pixels {

  private Pixels() {}

  /**
   * The rasters of {@code pictures}, float32 {@code [n, channels, height, width]} in -1 to 1:
   * halved, clamped and rounded half to even as VaeImageProcessor's {@code postprocess} does. What
   * is not a number becomes black.
   */
  public static List<Raster> toRgb8(Kernels kernels, NDArray pictures) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      return rasters(kernels.tensor(scope, "vae_rgb8", pictures));
    }
  }

  /** The rasters of a uint8 tensor {@code [n, height, width, channels]}. */
  static List<Raster> rasters(NDArray samples) {
    Shape shape = samples.getShape();
    int height = Math.toIntExact(shape.get(1));
    int width = Math.toIntExact(shape.get(2));
    int channels = Math.toIntExact(shape.get(3));
    byte[] bytes = samples.toByteArray();
    if (shape.get(0) == 1) {
      return List.of(new Raster(width, height, channels, bytes));
    }
    int length = height * width * channels;
    return IntStream.range(0, bytes.length / length)
        .mapToObj(i -> Arrays.copyOfRange(bytes, i * length, (i + 1) * length))
        .map(picture -> new Raster(width, height, channels, picture))
        .toList();
  }
}
