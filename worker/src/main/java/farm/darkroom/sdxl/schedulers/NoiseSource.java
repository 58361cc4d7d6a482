package farm.darkroom.sdxl.schedulers;

/** Where a stochastic sampler takes its noise from. Each call continues the same stream. */
@FunctionalInterface
public interface NoiseSource {

  /**
   * Standard normal values, row-major.
   *
   * @param shape {@code [n, channels, height, width]}
   * @return the product of {@code shape} values
   */
  float[] draw(long... shape);
}
