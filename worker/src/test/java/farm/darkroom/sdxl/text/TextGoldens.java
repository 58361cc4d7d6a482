package farm.darkroom.sdxl.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.StreamSupport;

/** What scripts/goldens/text.py wrote, and the demo model that it was written from. */
final class TextGoldens {
  static final Path DEMO = Path.of("demo-model");
  private static final Path FOLDER = Path.of("src/test/resources/goldens/text");

  /** Goldens hold every sixth position. */
  static final int STRIDE = 6;

  /** Weighted prompts are 1.3e-5 apart on a CPU with AVX-512, which rounds in another order. */
  private static final double CLOSE = 2e-5;

  private TextGoldens() {}

  static Path file(String name) {
    return FOLDER.resolve(name);
  }

  static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(file(name).toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static long[] longs(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }

  static float[] floats(SafetensorsFile file, String name) {
    StoredTensor tensor = file.tensors().get(name);
    assertThat(tensor).as(name).isNotNull();
    float[] values = new float[(int) tensor.elements()];
    file.bytes(tensor).asFloatBuffer().get(values);
    return values;
  }

  static long[] longs(SafetensorsFile file, String name) {
    StoredTensor tensor = file.tensors().get(name);
    long[] values = new long[(int) tensor.elements()];
    file.bytes(tensor).asLongBuffer().get(values);
    return values;
  }

  /** Every sixth of the 77 rows of {@code values}. */
  static float[] strided(float[] values, int rows) {
    int width = values.length / rows;
    int kept = (rows + STRIDE - 1) / STRIDE;
    float[] some = new float[kept * width];
    for (int i = 0; i < kept; i++) {
      System.arraycopy(values, i * STRIDE * width, some, i * width, width);
    }
    return some;
  }

  /** Relative to the largest value that is expected. */
  static void assertClose(String name, float[] found, float[] expected, double tolerance) {
    assertThat(found.length).as(name).isEqualTo(expected.length);
    double largest = 1e-12;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - found[i]));
    }
    assertThat(difference / largest).as(name).isLessThan(tolerance);
  }

  /** {@code prefix + "prompt"} and {@code prefix + "pooled"} of the goldens. */
  static void assertClose(SafetensorsFile goldens, String prefix, TextConditioning found) {
    float[] embeds = floats(goldens, prefix + "prompt");
    int rows = (int) found.embeds().getShape().get(1);
    float[] states = strided(found.embeds().toFloatArray(), rows);
    assertClose(prefix + "prompt", states, embeds, CLOSE);
    float[] pooled = floats(goldens, prefix + "pooled");
    assertClose(prefix + "pooled", found.pooled().toFloatArray(), pooled, CLOSE);
  }
}
