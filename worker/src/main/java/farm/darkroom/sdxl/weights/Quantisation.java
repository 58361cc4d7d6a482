package farm.darkroom.sdxl.weights;

import farm.darkroom.sdxl.torch.Dtype;
import java.util.Locale;

/** Which weights are held in less precision than the compute dtype. This changes pictures. */
public enum Quantisation {
  /** All weights in the compute dtype. */
  NONE,
  /**
   * The attention and feed-forward layers of transformer blocks, which are most of a UNet, in int8
   * with a scale for each output; their inputs are rounded to 8 bits, token by token, as they come.
   */
  INT8;

  private static final String BLOCKS = "transformer_blocks.";

  /** Bytes of the scale and the offset of an output. */
  private static final int BESIDE = 8;

  /** The name in flags and records, such as {@code int8}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is held in less than the compute dtype. */
  public boolean takes(WeightSpec weight) {
    return switch (this) {
      case NONE -> false;
      case INT8 -> weight.layout().isLinear() && weight.tensor().contains(BLOCKS);
    };
  }

  /** Bytes that the weight takes on the device. */
  public long bytes(WeightSpec weight, Dtype dtype) {
    return takes(weight)
        ? weight.elements() + BESIDE * weight.shape().get(0)
        : weight.layout().elements(weight, dtype) * dtype.bytes();
  }
}
