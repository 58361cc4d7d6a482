package farm.darkroom.sdxl.weights;

import java.util.List;

/**
 * A tensor that a model expects.
 *
 * @param key its name inside the group, as kernels look it up ({@code conv1.weight}); specs that
 *     share a key are joined along the first dimension, in the group's order
 * @param tensor its name in the file ({@code down_blocks.0.resnets.0.conv1.weight})
 * @param shape the expected shape
 */
public record WeightSpec(String key, String tensor, List<Long> shape, Layout layout) {

  public WeightSpec {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public long elements() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  /** Whether it is of a 1 by 1 convolution. */
  boolean isPointwise() {
    return shape.size() == 4 && shape.get(2) * shape.get(3) == 1;
  }
}
