package farm.darkroom.sdxl.torch;

import java.util.Locale;

/** The dtypes that models compute in, with libtorch's own numbers. */
public enum Dtype {
  FLOAT16(5, 2),
  FLOAT32(6, 4),
  BFLOAT16(15, 2);

  private final int scalarType;
  private final int bytes;

  Dtype(int scalarType, int bytes) {
    this.scalarType = scalarType;
    this.bytes = bytes;
  }

  /** {@code c10::ScalarType}, as kernels take it. */
  public int scalarType() {
    return scalarType;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** The name in flags and records, such as {@code bfloat16}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
