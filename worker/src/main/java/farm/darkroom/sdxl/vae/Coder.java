package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.List;
import java.util.Optional;

/**
 * An encoder or a decoder: a block chain, which takes inputs larger than a tile in parts.
 *
 * @param tiles empty to take every input whole
 */
record Coder(BlockChain chain, Optional<Tiles> tiles) {

  /** The chain alone. */
  static Coder whole(BlockChain chain) {
    return new Coder(chain, Optional.empty());
  }

  Coder withTiles(Tiles parts) {
    return new Coder(chain, Optional.of(parts));
  }

  /** The chain's output for {@code input}, float32, as {@code owner}'s. */
  NDArray run(NDManager owner, NDArray input) {
    return tiles(input)
        .map(parts -> parts.run(owner, chain, input))
        .orElseGet(() -> chain.run(owner, input));
  }

  /**
   * The output as bytes: from -1 to 1 it is halved, clamped and rounded half to even as diffusers'
   * {@code VaeImageProcessor.postprocess} does. What is not a number becomes black.
   */
  List<Raster> rasters(NDArray input) {
    try (NDManager scope = kernels().manager().newSubManager()) {
      return Pixels.rasters(rgb8(scope, input));
    }
  }

  private NDArray rgb8(NDManager scope, NDArray input) {
    return tiles(input)
        .map(parts -> parts.rgb8(scope, chain, input))
        .orElseGet(() -> kernels().tensor(scope, "vae_rgb8", chain.run(scope, input)));
  }

  private Optional<Tiles> tiles(NDArray input) {
    return tiles.filter(parts -> parts.splits(input));
  }

  Kernels kernels() {
    return chain.kernels();
  }
}
