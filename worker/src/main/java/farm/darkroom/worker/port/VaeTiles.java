package farm.darkroom.worker.port;

import java.util.Optional;

/**
 * In how large parts the VAE takes a picture, exact and hungriest first. Tiles are blended where
 * they overlap, which changes pixels a little: the record says so.
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
