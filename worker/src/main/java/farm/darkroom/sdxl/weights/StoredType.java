package farm.darkroom.sdxl.weights;

import farm.darkroom.sdxl.SdxlException;

/** Element types of safetensors files that weights come in. */
public enum StoredType {
  F64(8),
  F32(4),
  F16(2),
  BF16(2),
  F8_E4M3(1),
  F8_E5M2(1),
  I64(8),
  I32(4),
  U8(1);

  private final int bytes;

  StoredType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  /** Whether numbers in it can be weights; whole numbers are ids and counts. */
  public boolean isFloating() {
    return switch (this) {
      case F64, F32, F16, BF16, F8_E4M3, F8_E5M2 -> true;
      case I64, I32, U8 -> false;
    };
  }

  static StoredType of(String name, String tensor) {
    for (StoredType type : values()) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw new SdxlException(
        tensor
            + ": dtype "
            + name
            + "; F32, F16, BF16, F8_E4M3 and F8_E5M2 can be read as weights");
  }
}
