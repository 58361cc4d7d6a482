package farm.darkroom.sdxl.torch;

import ai.djl.ndarray.NDArray;
import java.util.LinkedHashMap;
import java.util.Map;

/** Weights of a group on their way through the kernel {@code materialise}. */
final class MaterialisedWeights {
  private MaterialisedWeights() {}

  /**
   * The weights on the device; the caller closes them.
   *
   * @param raw as {@code materialise} takes them
   * @param layouts of those that are not plain
   */
  static TensorDict of(
      Kernels kernels, Map<String, NDArray> raw, Map<String, String> layouts, Dtype dtype) {
    return kernels.dict(
        "materialise", raw, all(raw, layouts), kernels.int8Levels(), dtype.scalarType());
  }

  /**
   * The layouts of all weights, with {@code plain} for those that {@code layouts} does not name.
   */
  static Map<String, String> all(Map<String, NDArray> raw, Map<String, String> layouts) {
    Map<String, String> all = new LinkedHashMap<>();
    for (String key : raw.keySet()) {
      if (!key.contains("+")) {
        all.put(key, layouts.getOrDefault(key, "plain"));
      }
    }
    return all;
  }
}
