package farm.darkroom.sdxl.schedulers;

/**
 * Float32 functions with the last bit of those that diffusers' tables are made with. The tables
 * decide which whole timestep a sigma falls on, so the last bit can matter.
 */
@SuppressWarnings("FloatingPointLiteralPrecision") // digits as numpy prints them
final class Float32 {
  private static final float SQRT_HALF = (float) Math.sqrt(0.5);
  private static final float LN_2 = (float) Math.log(2);
  private static final float[] NUMERATOR = {
    0f,
    1f,
    2.112677543073053063722e+00f,
    1.480000633576506585156e+00f,
    3.808837741388407920751e-01f,
    2.589979117907922693523e-02f
  };
  private static final float[] DENOMINATOR = {
    1f, 2.612677543073109236779e+00f, 2.453006071784736363091e+00f,
    9.864942958519418960339e-01f, 1.546476374983906719538e-01f, 5.875095403124574342950e-03f
  };

  private Float32() {}

  /**
   * {@code numpy.log} of a positive normal float32: a rational approximation on [sqrt(1/2),
   * sqrt(2)) (numpy, loops_exponent_log), which is up to 2 ulp from the true value.
   */
  static float log(float x) {
    int exponent = Math.getExponent(x) + 1;
    float mantissa = x / (float) Math.scalb(1.0, exponent);
    if (mantissa <= SQRT_HALF) {
      mantissa += mantissa;
      exponent -= 1;
    }
    float y = mantissa - 1;
    return Math.fma((float) exponent, LN_2, horner(NUMERATOR, y) / horner(DENOMINATOR, y));
  }

  private static float horner(float[] coefficients, float x) {
    float sum = coefficients[coefficients.length - 1];
    for (int i = coefficients.length - 2; i >= 0; i--) {
      sum = Math.fma(sum, x, coefficients[i]);
    }
    return sum;
  }

  /** {@code torch.linspace(start, end, steps, dtype=torch.float32)}, which fills from both ends. */
  static float[] linspace(double start, double end, int steps) {
    float first = (float) start;
    float last = (float) end;
    float[] values = new float[steps];
    if (steps == 1) {
      values[0] = first;
      return values;
    }
    float step = (last - first) / (steps - 1);
    for (int i = 0; i < steps; i++) {
      values[i] =
          i < steps / 2
              ? Math.fma(step, (float) i, first)
              : Math.fma(-step, (float) (steps - 1 - i), last);
    }
    return values;
  }

  /** {@code torch.cumprod}, which multiplies in double and rounds each result. */
  static float[] cumulativeProduct(float[] values) {
    float[] products = new float[values.length];
    double product = 1;
    for (int i = 0; i < values.length; i++) {
      product *= values[i];
      products[i] = (float) product;
    }
    return products;
  }

  static float sqrt(float x) {
    return (float) Math.sqrt(x);
  }

  /** The float32 nearest to {@code x}, as a double. */
  static double round(double x) {
    return (float) x;
  }

  static double[] round(double[] values) {
    double[] rounded = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      rounded[i] = (float) values[i];
    }
    return rounded;
  }
}
