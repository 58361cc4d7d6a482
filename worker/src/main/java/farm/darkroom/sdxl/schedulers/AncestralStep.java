package farm.darkroom.sdxl.schedulers;

/**
 * A step in noise level split in two: down without noise, then up by fresh noise (k-diffusion,
 * {@code get_ancestral_step} with eta 1). In float32 as in diffusers: where a step goes far, down
 * is a small difference of large squares, and a picture shows its rounding.
 */
record AncestralStep(double down, double up) {

  static AncestralStep of(double from, double to) {
    float start = (float) from;
    float end = (float) to;
    float up = Float32.sqrt(end * end * (start * start - end * end) / (start * start));
    float down = Float32.sqrt(end * end - up * up);
    return new AncestralStep(down, up);
  }
}
