package farm.darkroom.sdxl.weights;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class MappedTensorTest {

  @Test
  void bfloat16IsWidenedToTheLastBit() {
    float[] values = {0f, -0f, 1f, -2.5f, 3.0e38f, 1.0e-40f, Float.POSITIVE_INFINITY};
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray wide = MappedTensor.of(narrow(values), stored(values.length, 1), scope);
      assertThat(wide.getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(wide.getShape()).isEqualTo(new Shape(values.length, 1));
      for (int i = 0; i < values.length; i++) {
        float expected = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xffff0000);
        assertThat(wide.toFloatArray()[i]).isEqualTo(expected);
      }
    }
  }

  /** Java's buffers are freed when the collector comes, so that a model of them is there twice. */
  @Test
  void widenedWeightsLieInNoBufferOfJava() {
    ByteBuffer narrow = narrow(new float[1 << 20]);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      long before = direct();
      NDArray wide = MappedTensor.of(narrow, stored(1 << 20, 1), scope);
      assertThat(wide.size()).isEqualTo(1 << 20);
      assertThat(direct() - before).isLessThan(1 << 20);
    }
  }

  private static long direct() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  private static StoredTensor stored(long rows, long columns) {
    return new StoredTensor("w", StoredType.BF16, List.of(rows, columns), 0, 2 * rows * columns);
  }

  private static ByteBuffer narrow(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
    }
    return bytes.flip();
  }
}
