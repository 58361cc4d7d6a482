package farm.darkroom.sdxl.schedulers;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.StoredTensor;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;

/** What scripts/goldens.py wrote. */
final class Goldens {
  private Goldens() {}

  static Path file(String name) {
    try {
      return Path.of(Goldens.class.getResource("/goldens/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static JsonNode json(String name) {
    try {
      return new ObjectMapper().readTree(file(name).toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static double[] doubles(JsonNode list) {
    double[] values = new double[list.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = list.get(i).asDouble();
    }
    return values;
  }

  static Map<String, Object> map(JsonNode node) {
    return new ObjectMapper().convertValue(node, new TypeReference<>() {});
  }

  /** The betas of SDXL. */
  static Map<String, Object> sdxl() {
    return Map.of("beta_start", 0.00085, "beta_end", 0.012, "beta_schedule", "scaled_linear");
  }

  /** All values of a float32 tensor. */
  static float[] floats(SafetensorsFile file, String name) {
    StoredTensor tensor = file.tensors().get(name);
    float[] values = new float[(int) tensor.elements()];
    file.bytes(tensor).asFloatBuffer().get(values);
    return values;
  }
}
