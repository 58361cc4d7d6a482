package farm.darkroom.sdxl.weights;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.sdxl.torch.Dtype;
import org.junit.jupiter.api.Test;

class PrecisionTest {
  private static final int WIDTH = 256;
  private static final WeightGroup CONVOLUTION =
      WeightGroup.of("conv").tensor("w", Layout.TILES_OF_4, WIDTH, WIDTH, 3, 3).build();
  private static final long ELEMENTS = 9L * WIDTH * WIDTH;

  /** On a CPU 36 matrices take the place of 9 taps, made beside the weight as it is stored. */
  @Test
  void weightsOfConvolutionsGrowOnACpuAndNotOnAGpu() {
    Precision cpu = Precision.of(Dtype.FLOAT32);
    Precision gpu = new Precision(Dtype.FLOAT32, Quantisation.NONE, true);
    WeightSpec weight = CONVOLUTION.weights().get(0);
    assertThat(cpu.bytes(CONVOLUTION)).isEqualTo(4 * 4 * ELEMENTS);
    assertThat(cpu.whileLaidOut(weight)).isEqualTo(4 * 5 * ELEMENTS);
    assertThat(Precision.of(Dtype.BFLOAT16).whileLaidOut(weight)).isEqualTo(2 * ELEMENTS);
    assertThat(gpu.bytes(CONVOLUTION)).isEqualTo(4 * ELEMENTS);
    assertThat(gpu.whileLaidOut(weight)).isZero();
    assertThat(gpu.as(Dtype.FLOAT16).bytes(CONVOLUTION)).isEqualTo(2 * ELEMENTS);
  }
}
