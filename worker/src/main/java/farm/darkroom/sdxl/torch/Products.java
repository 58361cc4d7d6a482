package farm.darkroom.sdxl.torch;

import java.util.Locale;

/** Who multiplies by the weights of linear layers. Either has the same kernels. */
enum Products {
  /** libtorch's own operators, on any device. */
  PLAIN,
  /**
   * oneDNN, from weights that are laid out once, when they come to the device, and not in every
   * call. On a CPU, in float32, and in bfloat16 where the CPU has what oneDNN wants for it.
   */
  PACKED;

  /** The resource that holds the kernels. */
  String source() {
    return name().toLowerCase(Locale.ROOT);
  }
}
