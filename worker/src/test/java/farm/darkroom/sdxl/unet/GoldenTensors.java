package farm.darkroom.sdxl.unet;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.nio.file.Path;

/** A file of float32 tensors that diffusers computed. */
record GoldenTensors(SafetensorsFile file) {
  static final Path FOLDER = Path.of("src/test/resources/goldens/unet");

  static GoldenTensors open(String name) {
    return new GoldenTensors(SafetensorsFile.open(FOLDER.resolve(name)));
  }

  NDArray tensor(String name, NDManager owner) {
    StoredTensor tensor = file.tensors().get(name);
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    return owner.create(file.bytes(tensor), new Shape(shape), DataType.FLOAT32);
  }

  /**
   * Holds {@code found} (any layout) against the golden: the largest error over the largest value.
   */
  void assertClose(String name, NDArray found, double relative) {
    NDArray expected = tensor(name, found.getManager());
    assertThat(found.getShape()).as(name).isEqualTo(expected.getShape());
    float[] wanted = expected.toFloatArray();
    assertThat(error(wanted, found.toFloatArray())).as(name).isLessThan(relative);
  }

  /** Largest difference over the largest value; NaN and infinity count as infinitely wrong. */
  static double error(float[] expected, float[] found) {
    double scale = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      double difference = Math.abs(expected[i] - found[i]);
      worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return worst / scale;
  }
}
