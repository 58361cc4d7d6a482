package farm.darkroom.sdxl.weights;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.torch.Dtype;

/** What a component computes in, and what its weights are held in. */
public record Precision(Dtype dtype, Quantisation quantisation) {

  public Precision {
    requireNonNull(dtype, "dtype");
    requireNonNull(quantisation, "quantisation");
  }

  /** Weights in the compute dtype. */
  public static Precision of(Dtype dtype) {
    return new Precision(dtype, Quantisation.NONE);
  }

  /** Bytes that the group's weights take on the device. */
  public long bytes(WeightGroup group) {
    return group.weights().stream().mapToLong(w -> quantisation.bytes(w, dtype)).sum();
  }

  /** The name in records: {@code bfloat16}, {@code float32+int8}. */
  public String label() {
    return switch (quantisation) {
      case NONE -> dtype.label();
      case INT8 -> dtype.label() + "+" + quantisation.label();
    };
  }
}
