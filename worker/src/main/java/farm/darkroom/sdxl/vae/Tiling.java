package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.SdxlException;
import java.util.Optional;

/**
 * Tiles that overlap, so that memory does not grow with the picture.
 *
 * @param sampleMinSize a tile's side in pixels; pictures up to it stay whole
 * @param latentMinSize a tile's side in latents
 * @param overlapFactor the share of a tile that the next one covers again
 */
public record Tiling(int sampleMinSize, int latentMinSize, double overlapFactor) {
  private static final int SMALLEST = 4;

  public Tiling {
    if (latentMinSize < 2 || sampleMinSize < latentMinSize) {
      throw new SdxlException(
          "tiles of %d latents and %d pixels; at least 2 latents are needed"
              .formatted(latentMinSize, sampleMinSize));
    }
    double overlap = latentMinSize * overlapFactor;
    if (!(overlapFactor >= 0 && overlapFactor <= 0.5) || overlap != Math.rint(overlap)) {
      throw new SdxlException(
          "tiles of %d latents cannot overlap by %s: up to half of them, and whole ones"
              .formatted(latentMinSize, overlapFactor));
    }
  }

  /** Whether pictures of this size are taken in parts. */
  public boolean splits(Size size) {
    return size.height() > sampleMinSize || size.width() > sampleMinSize;
  }

  /**
   * These tiles with a side so many times smaller; empty where such tiles would be too small, or
   * could not overlap by whole latents.
   */
  public Optional<Tiling> divided(int by) {
    int latents = latentMinSize / by;
    double overlap = latents * overlapFactor;
    return latents >= SMALLEST && latents * by == latentMinSize && overlap == Math.rint(overlap)
        ? Optional.of(new Tiling(sampleMinSize / by, latents, overlapFactor))
        : Optional.empty();
  }
}
