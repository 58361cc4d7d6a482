package farm.darkroom.sdxl.lora;

import farm.darkroom.sdxl.weights.TensorInfo;
import java.nio.ByteBuffer;

/** Reads single numbers of safetensors files. */
final class Numbers {
  private static final int HALF_BIAS = 15;
  private static final int HALF_MANTISSA = 10;

  private Numbers() {}

  /**
   * The first number of a tensor.
   *
   * @param bytes of it, little-endian
   */
  static double first(TensorInfo tensor, ByteBuffer bytes) {
    return switch (tensor.type()) {
      case F64 -> bytes.getDouble(0);
      case F32 -> bytes.getFloat(0);
      case F16 -> half(bytes.getShort(0));
      case BF16 -> Float.intBitsToFloat(bytes.getShort(0) << Short.SIZE);
      case I64 -> bytes.getLong(0);
      case I32 -> bytes.getInt(0);
      case U8 -> bytes.get(0) & 0xff;
    };
  }

  /** IEEE 754 binary16, which Java reads by itself from version 20 on. */
  private static double half(short bits) {
    int exponent = bits >> HALF_MANTISSA & 0x1f;
    double mantissa = (bits & 0x3ff) / (double) (1 << HALF_MANTISSA);
    double magnitude =
        exponent == 0
            ? Math.scalb(mantissa, 1 - HALF_BIAS)
            : Math.scalb(1 + mantissa, exponent - HALF_BIAS);
    return bits < 0 ? -magnitude : magnitude;
  }
}
