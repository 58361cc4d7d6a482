package farm.darkroom.sdxl.torch;

import java.util.List;

/**
 * The implementations of matrix products with the weights of linear layers. All offer the same
 * kernels, except for those that only a GPU has.
 */
enum MatmulKernels {
  /** libtorch's own operators, on a CPU. */
  PLAIN(List.of("plain", "host")),
  /**
   * oneDNN, from weights that are laid out once, when they come to the device, and not in every
   * call. On a CPU, in float32, and in bfloat16 where the CPU has what oneDNN wants for it.
   */
  PACKED(List.of("packed", "host")),
  /** libtorch's own operators, on a GPU, which has streams. */
  CUDA(List.of("plain", "cuda"));

  private final List<String> sources;

  MatmulKernels(List<String> sources) {
    this.sources = sources;
  }

  /** The resources that hold the kernels which are its own. */
  List<String> sources() {
    return sources;
  }
}
