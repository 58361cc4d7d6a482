package farm.darkroom.sdxl.schedulers;

/** The noise of a stochastic scheduler. Each call continues the same stream. */
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
