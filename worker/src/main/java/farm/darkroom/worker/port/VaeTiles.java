package farm.darkroom.worker.port;

import java.util.Optional;

/**
 * The size of the tiles in which the VAE processes a picture: none first, then ever smaller.
 * Overlapping tiles are blended, which changes pixels slightly; the record says so.
 */
public enum VaeTiles {
  /** The picture as a whole. */
  WHOLE(0),
  /** Tiles of the size that the VAE was made for, as diffusers takes them. */
  FULL(1),
  /** Half that size. */
  HALF(2),
  /** A quarter of that size. */
  QUARTER(4);

  private final int divisor;

  VaeTiles(int divisor) {
    this.divisor = divisor;
  }

  /** By what a side of the VAE's own tiles is divided; 0 for none. */
  public int divisor() {
    return divisor;
  }

  /** The next smaller ones; empty at the floor. */
  public Optional<VaeTiles> lower() {
    return switch (this) {
      case WHOLE -> Optional.of(FULL);
      case FULL -> Optional.of(HALF);
      case HALF -> Optional.of(QUARTER);
      case QUARTER -> Optional.empty();
    };
  }
}
