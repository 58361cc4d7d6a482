package farm.darkroom.sdxl.vae;

/** Pillow's filters for resizing, by their reach and their weight at a distance. */
enum ResampleFilter {
  /** A sinc windowed by a sinc of three times its width; diffusers' default. */
  LANCZOS(3) {
    @Override
    double weight(double x) {
      return x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    }
  },
  /** Keys' cubic with a = -0.5; Pillow's own default. */
  BICUBIC(2) {
    @Override
    double weight(double x) {
      double a = -0.5;
      double d = Math.abs(x);
      if (d < 1) {
        return ((a + 2) * d - (a + 3)) * d * d + 1;
      }
      return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
    }
  };

  private final double support;

  ResampleFilter(double support) {
    this.support = support;
  }

  /** The distance from which on the weight is nothing. */
  double support() {
    return support;
  }

  abstract double weight(double x);

  private static double sinc(double x) {
    double angle = x * Math.PI;
    return x == 0 ? 1 : Math.sin(angle) / angle;
  }
}
