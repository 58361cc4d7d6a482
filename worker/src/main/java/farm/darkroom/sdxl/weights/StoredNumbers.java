package farm.darkroom.sdxl.weights;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** Reads the values of small tensors. */
public final class StoredNumbers {
  private static final int HALF_BIAS = 15;
  private static final int HALF_MANTISSA = 10;

  /** The exponent of infinities and of what is no number. */
  private static final int HALF_SPECIAL = 0x1f;

  private StoredNumbers() {}

  /**
   * The first number of a tensor.
   *
   * @param bytes of it, little-endian
   */
  public static double first(StoredTensor tensor, ByteBuffer bytes) {
    return at(tensor.type(), bytes, 0);
  }

  /**
   * All numbers of a tensor, row-major.
   *
   * @param bytes of it, little-endian
   */
  public static List<Double> all(StoredTensor tensor, ByteBuffer bytes) {
    StoredType type = tensor.type();
    return IntStream.range(0, Math.toIntExact(tensor.elements()))
        .mapToObj(i -> at(type, bytes, i * type.bytes()))
        .toList();
  }

  private static double at(StoredType type, ByteBuffer bytes, int begin) {
    return switch (type) {
      case F64 -> bytes.getDouble(begin);
      case F32 -> bytes.getFloat(begin);
      case F16 -> half(bytes.getShort(begin));
      case BF16 -> Float.intBitsToFloat(bytes.getShort(begin) << Short.SIZE);
      case F8_E4M3 -> Float8.e4m3(bytes.get(begin));
      case F8_E5M2 -> Float8.e5m2(bytes.get(begin));
      case I64 -> bytes.getLong(begin);
      case I32 -> bytes.getInt(begin);
      case U8 -> bytes.get(begin) & 0xff;
    };
  }

  /** IEEE 754 binary16, which Java reads by itself from version 20 on. */
  private static double half(short bits) {
    int exponent = bits >> HALF_MANTISSA & HALF_SPECIAL;
    double mantissa = (bits & 0x3ff) / (double) (1 << HALF_MANTISSA);
    double magnitude =
        switch (exponent) {
          case 0 -> Math.scalb(mantissa, 1 - HALF_BIAS);
          case HALF_SPECIAL -> mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> Math.scalb(1 + mantissa, exponent - HALF_BIAS);
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
