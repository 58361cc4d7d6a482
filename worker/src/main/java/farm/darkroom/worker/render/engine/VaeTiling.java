package farm.darkroom.worker.render.engine;

import farm.darkroom.sdxl.vae.AutoencoderConfig;
import farm.darkroom.sdxl.vae.Tiling;
import farm.darkroom.worker.port.VaeTiles;
import java.util.Optional;

/** The engine's tiling for a plan. */
public final class VaeTiling {
  private VaeTiling() {}

  /** The VAE's own tiles, or a part of them; empty for whole pictures and for tiles too small. */
  public static Optional<Tiling> of(AutoencoderConfig vae, VaeTiles tiles) {
    return tiles == VaeTiles.WHOLE ? Optional.empty() : vae.tiling().divided(tiles.divisor());
  }
}
