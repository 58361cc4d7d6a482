package farm.darkroom.sdxl.unet;

import java.util.Optional;

/**
 * FreeU (Si et al. 2023; diffusers: {@code enable_freeu}): the first two blocks of the way up trust
 * their own features more than the skips. Half of the channels that come from below are scaled, and
 * the lowest frequencies of the skips.
 *
 * @param s1 the factor of the first block's skips
 * @param s2 the factor of the second block's skips
 * @param b1 the factor of what comes from below in the first block
 * @param b2 the factor of what comes from below in the second block
 */
public record FreeU(double s1, double s2, double b1, double b2) {

  /** The factors of one block. */
  record Factors(double backbone, double skip) {}

  /** Those of a block on the way up, counted from 0; empty for all but the first two. */
  Optional<Factors> of(int block) {
    return switch (block) {
      case 0 -> Optional.of(new Factors(b1, s1));
      case 1 -> Optional.of(new Factors(b2, s2));
      default -> Optional.empty();
    };
  }
}
