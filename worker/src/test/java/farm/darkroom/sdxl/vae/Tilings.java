package farm.darkroom.sdxl.vae;

/** Tiles of other sizes than a VAE's own. */
public final class Tilings {
  private Tilings() {}

  /**
   * The same tiling with another side.
   *
   * @param pixels a multiple of the VAE's scale factor
   */
  public static Tiling withSide(Tiling tiling, int pixels) {
    int factor = tiling.sampleMinSize() / tiling.latentMinSize();
    return new Tiling(pixels, pixels / factor, tiling.overlapFactor());
  }
}
