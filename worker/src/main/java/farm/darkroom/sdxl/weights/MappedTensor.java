package farm.darkroom.sdxl.weights;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.util.List;
import java.util.function.Consumer;

/** A tensor that is a view of memory-mapped bytes. */
public final class MappedTensor {
  private MappedTensor() {}

  /**
   * The tensor; bfloat16 and floats of eight bits are widened to float32, which DJL can name.
   *
   * @param bytes {@code tensor}'s, which have to stay mapped as long as it is used
   */
  public static NDArray of(ByteBuffer bytes, StoredTensor tensor, NDManager scope) {
    Shape shape = shape(tensor.shape());
    return switch (tensor.type()) {
      case F32 -> scope.create(bytes, shape, DataType.FLOAT32);
      case F16 -> scope.create(bytes, shape, DataType.FLOAT16);
      case F64 -> scope.create(bytes, shape, DataType.FLOAT64);
      case BF16 -> widened(shape, scope, values -> widen(bytes.asShortBuffer(), values));
      case F8_E4M3 -> widened(shape, scope, values -> widen(bytes, Float8::e4m3, values));
      case F8_E5M2 -> widened(shape, scope, values -> widen(bytes, Float8::e5m2, values));
      case I64 -> scope.create(bytes, shape, DataType.INT64);
      case I32 -> scope.create(bytes, shape, DataType.INT32);
      case U8 -> scope.create(bytes, shape, DataType.UINT8);
    };
  }

  /**
   * Widens into the tensor's own memory, which is freed with it; a Java buffer would wait for the
   * GC.
   */
  private static NDArray widened(Shape shape, NDManager scope, Consumer<IntBuffer> values) {
    NDArray wide = scope.newSubManager(Device.cpu()).create(shape, DataType.FLOAT32);
    values.accept(wide.toByteBuffer(true).order(ByteOrder.nativeOrder()).asIntBuffer());
    return wide.toDevice(scope.getDevice(), false);
  }

  private static void widen(ShortBuffer narrow, IntBuffer values) {
    while (narrow.hasRemaining()) {
      values.put(narrow.get() << Short.SIZE);
    }
  }

  private static void widen(ByteBuffer narrow, EightBits number, IntBuffer values) {
    for (int i = 0; i < narrow.limit(); i++) {
      values.put(Float.floatToRawIntBits(number.of(narrow.get(i))));
    }
  }

  /** Reads a float of eight bits. */
  private interface EightBits {
    float of(byte bits);
  }

  private static Shape shape(List<Long> sizes) {
    return new Shape(sizes.stream().mapToLong(Long::longValue).toArray());
  }
}
