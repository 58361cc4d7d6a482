package farm.darkroom.worker.picture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CmykEncodingTest {
  private static final int SIDE = 500;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** The largest picture allowed would take half a gigabyte as numbers. */
  @ParameterizedTest
  @EnumSource
  void littleMoreIsTakenThanThePictureItself(CmykEncoding inks) {
    Raster stored = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, SIDE, SIDE, 4, null);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    byte[] rgb = inks.rgb(stored).rgb();
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(rgb).hasSize(3 * SIDE * SIDE);
    assertThat(taken).isLessThan(2L * rgb.length);
  }
}
