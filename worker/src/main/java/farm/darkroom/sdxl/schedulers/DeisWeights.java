package farm.darkroom.sdxl.schedulers;

/**
 * The integrals of DEIS' Lagrange polynomials in log rho. They are differences of large numbers, so
 * that float32 rounding shows; it is done here in the order in which diffusers does it.
 */
final class DeisWeights {
  private DeisWeights() {}

  /**
   * The integrals of the Lagrange polynomials over the step.
   *
   * @param rhos where the step goes, where it starts, where the steps before started
   * @param order 2 or 3
   * @return one weight per model output, the newest first
   */
  static double[] of(float[] rhos, int order) {
    float[] logs = new float[rhos.length];
    for (int i = 0; i < rhos.length; i++) {
      logs[i] = Float32.log(rhos[i]);
    }
    double[] weights = new double[order];
    for (int i = 0; i < order; i++) {
      float b = logs[1 + i];
      float c = logs[1 + (i + 1) % order];
      float d = logs[1 + (i + 2) % order];
      weights[i] =
          order == 2
              ? second(rhos[0], logs[0], b, c) - second(rhos[1], logs[1], b, c)
              : third(rhos[0], logs[0], b, c, d) - third(rhos[1], logs[1], b, c, d);
    }
    return weights;
  }

  /** The antiderivative of (log t - log c) / (log b - log c). */
  private static float second(float t, float logT, float b, float c) {
    return t * (-c + logT - 1) / (b - c);
  }

  /** The antiderivative of (log t - log c) (log t - log d) / ((log b - log c) (log b - log d)). */
  private static float third(float t, float logT, float b, float c, float d) {
    float numerator = t * (c * (d - logT + 1) - d * logT + d + logT * logT - 2 * logT + 2);
    return numerator / ((b - c) * (b - d));
  }
}
