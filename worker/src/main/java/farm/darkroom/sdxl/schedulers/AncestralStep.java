package farm.darkroom.sdxl.schedulers;

/**
 * A step in noise level split in two: down without noise, then up by fresh noise (k-diffusion,
 * {@code get_ancestral_step} with eta 1). In float32 as in diffusers: where a step goes far, down
 * is a small difference of large squares, and a picture shows its rounding.
 */
record AncestralStep(double down, double up) {

  static AncestralStep of(double from, double to, SquareRoots roots) {
    float start = (float) from;
    float end = (float) to;
    float up = root(end * end * (start * start - end * end) / (start * start), roots);
    float down = root(end * end - up * up, roots);
    return new AncestralStep(down, up);
  }

  private static float root(float square, SquareRoots roots) {
    return roots.of(new float[] {square})[0];
  }
}
