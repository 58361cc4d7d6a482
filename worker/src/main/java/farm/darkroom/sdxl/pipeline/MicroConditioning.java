package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.vae.Size;
import java.util.Optional;

/**
 * SDXL's conditioning on sizes and score (Podell et al. 2023, section 2.2), as diffusers' {@code
 * __call__} takes it. An empty size has diffusers' default.
 *
 * @param originalSize default: the picture's size
 * @param cropsCoordsTopLeft default: (0, 0)
 * @param targetSize default: the picture's size
 * @param negativeOriginalSize default: see {@link TimeIds}, whose rules differ by pipeline
 * @param negativeCropsCoordsTopLeft default: (0, 0)
 * @param negativeTargetSize default: as {@code negativeOriginalSize}
 * @param aestheticScore refiner only; 6.0 in {@link #DEFAULT}
 * @param negativeAestheticScore refiner only; 2.5 in {@link #DEFAULT}
 */
public record MicroConditioning(
    Optional<Size> originalSize,
    Optional<Size> cropsCoordsTopLeft,
    Optional<Size> targetSize,
    Optional<Size> negativeOriginalSize,
    Optional<Size> negativeCropsCoordsTopLeft,
    Optional<Size> negativeTargetSize,
    double aestheticScore,
    double negativeAestheticScore) {

  /** All of diffusers' defaults. */
  public static final MicroConditioning DEFAULT =
      new MicroConditioning(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          6.0,
          2.5);
}
