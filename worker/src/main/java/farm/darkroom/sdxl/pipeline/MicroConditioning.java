package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.vae.Size;
import java.util.Optional;

/**
 * SDXL's conditioning on sizes and score (Podell et al. 2023, section 2.2), as diffusers' {@code
 * __call__} takes it. An empty size has diffusers' default.
 *
 * @param originalSize default: the picture's size
 * @param targetSize default: the picture's size
 * @param negativeOriginalSize default: see {@link TimeIds}, whose rules differ by pipeline
 * @param negativeTargetSize default: as {@code negativeOriginalSize}
 * @param aestheticScore refiner only; 6.0 in {@link #DEFAULT}
 * @param negativeAestheticScore refiner only; 2.5 in {@link #DEFAULT}
 */
public record MicroConditioning(
    Optional<Size> originalSize,
    Corner cropsCoordsTopLeft,
    Optional<Size> targetSize,
    Optional<Size> negativeOriginalSize,
    Corner negativeCropsCoordsTopLeft,
    Optional<Size> negativeTargetSize,
    double aestheticScore,
    double negativeAestheticScore) {

  /** All of diffusers' defaults. */
  public static final MicroConditioning DEFAULT =
      new MicroConditioning(
          Optional.empty(),
          Corner.ORIGIN,
          Optional.empty(),
          Optional.empty(),
          Corner.ORIGIN,
          Optional.empty(),
          6.0,
          2.5);
}
