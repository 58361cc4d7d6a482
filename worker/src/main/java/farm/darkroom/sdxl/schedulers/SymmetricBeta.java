package farm.darkroom.sdxl.schedulers;

/** The beta distribution with two equal shape parameters. */
final class SymmetricBeta {
  private static final double EPSILON = 0x1p-54;
  private static final int MOST_ITERATIONS = 60;

  private SymmetricBeta() {}

  /** {@code scipy.stats.beta.ppf(p, shape, shape)}: where the distribution function reaches p. */
  static double quantile(double p, double shape) {
    if (p > 0.5) {
      return 1 - quantile(1 - p, shape);
    }
    if (p <= 0) {
      return 0;
    }
    // By symmetry half of the mass lies below one half, which gives the normalising constant.
    double target = 2 * p * incomplete(0.5, shape);
    double x = Math.min(0.5, Math.pow(target * shape, 1 / shape));
    for (int i = 0; i < MOST_ITERATIONS; i++) {
      // Newton on the logarithms of both sides, between which the relation is almost linear.
      double mass = incomplete(x, shape);
      double slope = Math.pow(x, shape) * Math.pow(1 - x, shape - 1) / mass;
      double change = Math.log(target / mass) / slope;
      x *= Math.exp(change);
      if (Math.abs(change) < EPSILON) {
        break;
      }
    }
    return x;
  }

  /**
   * The incomplete beta function B(x; shape, shape), not normalised, for x up to one half: the
   * power series in x (DLMF 8.17.7 and 8.17.8), each term at most half of the one before.
   */
  private static double incomplete(double x, double shape) {
    double power = 1;
    double sum = 1 / shape;
    for (int n = 1; power > EPSILON; n++) {
      power *= x * (n - shape) / n;
      sum += power / (shape + n);
    }
    return Math.pow(x, shape) * sum;
  }
}
