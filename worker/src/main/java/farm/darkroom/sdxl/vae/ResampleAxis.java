package farm.darkroom.sdxl.vae;

/**
 * What each output position of one axis takes from the input: a run of samples and their weights in
 * 22-bit fixed point (Pillow: {@code precompute_coeffs} and {@code normalize_coeffs_8bpc}).
 *
 * @param first the run's first sample, per output position
 * @param weights the run's weights, per output position
 */
@SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
record ResampleAxis(int[] first, int[][] weights) {
  private static final int PRECISION_BITS = 32 - 8 - 2;
  private static final int HALF = 1 << (PRECISION_BITS - 1);

  /** From {@code begin..end} of {@code in} samples to {@code out} samples. */
  static ResampleAxis of(ResampleFilter filter, int in, float begin, float end, int out) {
    double scale = (double) (end - begin) / out;
    double stretch = Math.max(scale, 1);
    double support = filter.support() * stretch;
    int[] first = new int[out];
    int[][] weights = new int[out][];
    for (int i = 0; i < out; i++) {
      double center = begin + (i + 0.5) * scale;
      int from = Math.max((int) (center - support + 0.5), 0);
      int to = Math.min((int) (center + support + 0.5), in);
      first[i] = from;
      weights[i] = weights(filter, from - center + 0.5, to - from, 1 / stretch);
    }
    return new ResampleAxis(first, weights);
  }

  private static int[] weights(ResampleFilter filter, double at, int count, double step) {
    double[] exact = new double[count];
    double sum = 0;
    for (int k = 0; k < count; k++) {
      exact[k] = filter.weight((k + at) * step);
      sum += exact[k];
    }
    int[] fixed = new int[count];
    for (int k = 0; k < count; k++) {
      double share = sum == 0 ? exact[k] : exact[k] / sum;
      fixed[k] = (int) (Math.copySign(0.5, share) + share * (1 << PRECISION_BITS));
    }
    return fixed;
  }

  /** Number of output positions. */
  int size() {
    return first.length;
  }

  /**
   * The output sample {@code i}.
   *
   * @param start index in {@code samples} of the axis's sample 0
   * @param stride from one sample of the axis to the next
   */
  byte sample(int i, byte[] samples, int start, int stride) {
    int sum = HALF;
    int at = start + first[i] * stride;
    for (int weight : weights[i]) {
      sum += (samples[at] & 0xFF) * weight;
      at += stride;
    }
    return (byte) Math.min(Math.max(sum >> PRECISION_BITS, 0), 255);
  }
}
