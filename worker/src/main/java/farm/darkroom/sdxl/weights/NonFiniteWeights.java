package farm.darkroom.sdxl.weights;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Finds weights that are NaN or infinite. It reads whole files, so it runs only after a render has
 * failed.
 */
public final class NonFiniteWeights {
  private static final int HALF_EXPONENT = 0x7c00;
  private static final int BFLOAT_EXPONENT = 0x7f80;

  private NonFiniteWeights() {}

  /** The first tensor with a NaN or an infinity, with its file; empty when there is none. */
  public static Optional<String> firstOf(Checkpoint checkpoint) {
    return checkpoint.tensors().values().stream()
        .filter(tensor -> !isFinite(tensor.type(), checkpoint.bytes(tensor)))
        .findFirst()
        .map(
            tensor ->
                "%s (%s): %s holds NaN or infinity"
                    .formatted(checkpoint.name(), checkpoint.fileOf(tensor.name()), tensor.name()));
  }

  private static boolean isFinite(StoredType type, ByteBuffer bytes) {
    for (int i = 0; i < bytes.limit(); i += type.bytes()) {
      if (!isFinite(type, bytes, i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFinite(StoredType type, ByteBuffer bytes, int begin) {
    return switch (type) {
      case F64 -> Double.isFinite(bytes.getDouble(begin));
      case F32 -> Float.isFinite(bytes.getFloat(begin));
      case F16 -> (bytes.getShort(begin) & HALF_EXPONENT) != HALF_EXPONENT;
      case BF16 -> (bytes.getShort(begin) & BFLOAT_EXPONENT) != BFLOAT_EXPONENT;
      case F8_E4M3 -> Float.isFinite(Float8.e4m3(bytes.get(begin)));
      case F8_E5M2 -> Float.isFinite(Float8.e5m2(bytes.get(begin)));
      case I64, I32, U8 -> true;
    };
  }
}
