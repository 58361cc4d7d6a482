package farm.darkroom.sdxl.weights;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.torch.Dtype;

/**
 * The dtype that a component computes in, and the form in which it holds its weights.
 *
 * @param onGpu whether weights go to a GPU, as they are; a CPU's are laid out for its products
 */
public record Precision(Dtype dtype, Quantisation quantisation, boolean onGpu) {

  public Precision {
    requireNonNull(dtype, "dtype");
    requireNonNull(quantisation, "quantisation");
  }

  /** On a CPU. */
  public Precision(Dtype dtype, Quantisation quantisation) {
    this(dtype, quantisation, false);
  }

  /** Weights in the compute dtype, on a CPU. */
  public static Precision of(Dtype dtype) {
    return new Precision(dtype, Quantisation.NONE);
  }

  /** Weights in that dtype, on the same device. */
  public Precision as(Dtype other) {
    return new Precision(other, Quantisation.NONE, onGpu);
  }

  /** Bytes that the group's weights take on the device. */
  public long bytes(WeightGroup group) {
    return onGpu
        ? group.parameters() * dtype.bytes()
        : group.weights().stream().mapToLong(w -> quantisation.bytes(w, dtype)).sum();
  }

  /**
   * Bytes that are on the device beside the result while the weight is laid out; on its way to a
   * GPU that is done on the way.
   */
  public long whileLaidOut(WeightSpec weight) {
    return onGpu ? 0 : weight.layout().whileLaidOut(weight, dtype) * dtype.bytes();
  }

  /** The name in records: {@code bfloat16}, {@code float32+int8}. */
  public String label() {
    return switch (quantisation) {
      case NONE -> dtype.label();
      case INT8 -> dtype.label() + "+" + quantisation.label();
    };
  }
}
