package farm.darkroom.sdxl.weights;

import java.util.List;

/**
 * A tensor of a safetensors file.
 *
 * @param begin offset of the first byte from the start of the file
 * @param bytes length in bytes
 */
public record StoredTensor(String name, StoredType type, List<Long> shape, long begin, long bytes) {

  public StoredTensor {
    shape = List.copyOf(shape);
  }

  /** Number of elements. */
  public long elements() {
    return shape.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
  }
}
