package farm.darkroom.sdxl.schedulers;

/**
 * {@code torch.Generator("cpu").manual_seed(seed)} followed by {@code torch.randn} calls, float32,
 * without torch. PyTorch has two ways to draw (aten/native/cpu/DistributionTemplates.h): sixteen
 * values and more in blocks of sixteen float32 Box-Muller pairs, fewer one by one in double, the
 * second value of each pair being kept for the next such call. Sixteen and more equal those of
 * PyTorch on x86 CPUs with AVX2 bit for bit, fewer to the last bit. Not thread-safe.
 */
public final class TorchGenerator {
  private static final int BLOCK = 16;
  private static final int HALF = BLOCK / 2;
  private static final float TWO_PI = (float) (2 * Math.PI);

  private final Mt19937 bits;
  private double kept = Double.NaN;

  /**
   * @param seed 64 bits, signed or unsigned: as in torch.manual_seed, -1 and 2^64-1 are the same
   */
  public TorchGenerator(long seed) {
    bits = new Mt19937(seed);
  }

  /** What {@code torch.randn(count, generator=this)} returns next. */
  public float[] randn(int count) {
    float[] values = new float[count];
    if (count < BLOCK) {
      for (int i = 0; i < count; i++) {
        values[i] = (float) single();
      }
      return values;
    }
    for (int i = 0; i < count; i++) {
      values[i] = uniform24();
    }
    for (int start = 0; start + BLOCK <= count; start += BLOCK) {
      boxMuller(values, start);
    }
    if (count % BLOCK != 0) {
      redrawTail(values);
    }
    return values;
  }

  /** The last sixteen are drawn again, which overwrites some that a whole block had filled. */
  private void redrawTail(float[] values) {
    int start = values.length - BLOCK;
    for (int i = start; i < values.length; i++) {
      values[i] = uniform24();
    }
    boxMuller(values, start);
  }

  private static void boxMuller(float[] values, int start) {
    for (int i = start; i < start + HALF; i++) {
      float radius = Float32.sqrt(-2 * CephesFloat.log(1 - values[i]));
      CephesFloat.SinCos turn = CephesFloat.sinCos(TWO_PI * values[i + HALF]);
      values[i] = radius * turn.cos();
      values[i + HALF] = radius * turn.sin();
    }
  }

  private double single() {
    if (!Double.isNaN(kept)) {
      double value = kept;
      kept = Double.NaN;
      return value;
    }
    double angle = 2 * Math.PI * uniform53();
    double radius = Math.sqrt(-2 * Math.log1p(-uniform53()));
    kept = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  private float uniform24() {
    return (bits.next32() & 0xffffff) * 0x1p-24f;
  }

  private double uniform53() {
    return (bits.next64() & ((1L << 53) - 1)) * 0x1p-53;
  }
}
