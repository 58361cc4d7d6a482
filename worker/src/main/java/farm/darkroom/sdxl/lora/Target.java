package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.weights.TensorInfo;

/**
 * A weight of a model that networks may change.
 *
 * @param weight {@code [out, in]} or {@code [out, in, kernel, kernel]}
 */
record Target(String component, TensorInfo weight) {
  static final String WEIGHT = ".weight";

  /** The layer's path with dots. */
  String path() {
    return weight.name().substring(0, weight.name().length() - WEIGHT.length());
  }
}
