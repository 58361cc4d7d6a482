package farm.darkroom.sdxl.vae;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;

/** What diffusers gave: see scripts/goldens/vae.py. */
record VaeGoldens(SafetensorsFile file) {
  static final Path FOLDER = Path.of("src/test/resources/goldens/vae");

  static VaeGoldens open(String name) {
    return new VaeGoldens(SafetensorsFile.open(FOLDER.resolve(name)));
  }

  NDArray tensor(NDManager owner, String name) {
    return owner.create(
        file.bytes(stored(name)),
        new Shape(stored(name).shape().stream().mapToLong(Long::longValue).toArray()),
        DataType.FLOAT32);
  }

  /** The pictures of float32 {@code [n, 3, height, width]}. */
  static List<Raster> rgb8(Kernels kernels, NDArray decoded) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      return Pixels.rasters(kernels.tensor(scope, "vae_rgb8", decoded));
    }
  }

  byte[] bytes(String name) {
    byte[] bytes = new byte[Math.toIntExact(stored(name).bytes())];
    file.bytes(stored(name)).get(bytes);
    return bytes;
  }

  private StoredTensor stored(String name) {
    return file.tensors().get(name);
  }

  /** The largest difference relative to the golden's largest value. */
  double difference(NDArray found, String name) {
    float[] values = found.toFloatArray();
    FloatBuffer expected = file.bytes(stored(name)).asFloatBuffer();
    assertThat(found.getShape().getShape()).containsExactly(shape(name));
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < values.length; i++) {
      largest = Math.max(largest, Math.abs(expected.get(i)));
      double here = Math.abs(values[i] - expected.get(i));
      difference = here <= difference ? difference : here;
    }
    return difference / largest;
  }

  private long[] shape(String name) {
    return stored(name).shape().stream().mapToLong(Long::longValue).toArray();
  }
}
