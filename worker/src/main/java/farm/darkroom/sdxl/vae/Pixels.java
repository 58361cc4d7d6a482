package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Converts decoded pictures to bytes. */
final class Pixels {
  private Pixels() {}

  /** The rasters of a uint8 tensor {@code [n, height, width, channels]}. */
  static List<Raster> rasters(NDArray samples) {
    Shape shape = samples.getShape();
    Size size = new Size(Math.toIntExact(shape.get(1)), Math.toIntExact(shape.get(2)));
    int channels = Math.toIntExact(shape.get(3));
    byte[] bytes = samples.toByteArray();
    if (shape.get(0) == 1) {
      return List.of(new Raster(size, channels, bytes));
    }
    int length = size.height() * size.width() * channels;
    return IntStream.range(0, bytes.length / length)
        .mapToObj(i -> Arrays.copyOfRange(bytes, i * length, (i + 1) * length))
        .map(picture -> new Raster(size, channels, picture))
        .toList();
  }
}
