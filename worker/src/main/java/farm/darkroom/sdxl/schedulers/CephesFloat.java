package farm.darkroom.sdxl.schedulers;

/**
 * The float32 logarithm, sine and cosine that PyTorch draws normal noise with on x86 CPUs (the
 * Cephes polynomials of aten/native/cpu/avx_mathfun.h, with the fused multiply-adds of its AVX2
 * build). Bit for bit: {@link Math#log} is nearer to the truth but would change the noise.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // digits as Cephes prints them
final class CephesFloat {
  private static final float SQRT_HALF = 0.707106781186547524f;
  private static final float FOUR_OVER_PI = 1.27323954473516f;
  private static final float LN_2_LOW = -2.12194440e-4f;
  private static final float LN_2_HIGH = 0.693359375f;
  private static final float[] LOG = {
    7.0376836292E-2f,
    -1.1514610310E-1f,
    1.1676998740E-1f,
    -1.2420140846E-1f,
    1.4249322787E-1f,
    -1.6668057665E-1f,
    2.0000714765E-1f,
    -2.4999993993E-1f,
    3.3333331174E-1f
  };
  private static final float[] SINE = {-1.9515295891E-4f, 8.3321608736E-3f, -1.6666654611E-1f};
  private static final float[] COSINE = {
    2.443315711809948E-5f, -1.388731625493765E-3f, 4.166664568298827E-2f
  };

  /** Minus a quarter of pi in three parts, so that subtracting multiples of it loses nothing. */
  private static final float[] MINUS_QUARTER_PI = {
    -0.78515625f, -2.4187564849853515625e-4f, -3.77489497744594108e-8f
  };

  private CephesFloat() {}

  record SinCos(float sin, float cos) {}

  /** For positive normal numbers. */
  static float log(float x) {
    int bits = Float.floatToRawIntBits(x);
    float exponent = (bits >> 23) - 126;
    float mantissa = Float.intBitsToFloat((bits & 0x807fffff) | 0x3f000000);
    float y = mantissa - 1;
    if (mantissa < SQRT_HALF) {
      exponent -= 1;
      y += mantissa;
    }
    float square = y * y;
    float series = polynomial(LOG, y) * y;
    series = Math.fma(series, square, exponent * LN_2_LOW);
    series = Math.fma(-square, 0.5f, series);
    return Math.fma(exponent, LN_2_HIGH, y + series);
  }

  /** For angles from zero to a few turns. */
  static SinCos sinCos(float angle) {
    int octant = ((int) (angle * FOUR_OVER_PI) + 1) & ~1;
    float x = angle;
    for (float part : MINUS_QUARTER_PI) {
      x = Math.fma((float) octant, part, x);
    }
    float square = x * x;
    float cosine = polynomial(COSINE, square) * square;
    cosine = Math.fma(cosine, square, -(square * 0.5f)) + 1;
    float sine = Math.fma(polynomial(SINE, square) * square, x, x);
    boolean swapped = (octant & 2) != 0;
    float sin = swapped ? cosine : sine;
    float cos = swapped ? sine : cosine;
    boolean sinNegative = (octant & 4) != 0;
    boolean cosNegative = ((octant - 2) & 4) == 0;
    return new SinCos(sinNegative ? -sin : sin, cosNegative ? -cos : cos);
  }

  private static float polynomial(float[] coefficients, float x) {
    float sum = coefficients[0];
    for (int i = 1; i < coefficients.length; i++) {
      sum = Math.fma(sum, x, coefficients[i]);
    }
    return sum;
  }
}
