package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * An encoder or a decoder: a block chain that can process a batch picture by picture (diffusers:
 * slicing) and large pictures tile by tile.
 */
record Coder(BlockChain chain, boolean slicing, Optional<Tiles> tiles) {

  /** The chain alone. */
  static Coder whole(BlockChain chain) {
    return new Coder(chain, false, Optional.empty());
  }

  Coder withSlicing() {
    return new Coder(chain, true, tiles);
  }

  Coder withTiles(Tiles parts) {
    return new Coder(chain, slicing, Optional.of(parts));
  }

  /** The chain's output for {@code input}, float32, as {@code owner}'s. */
  NDArray run(NDManager owner, NDArray input) {
    return each(owner, input, this::picture);
  }

  /**
   * The output as bytes: from -1 to 1 it is halved, clamped and rounded half to even as diffusers'
   * {@code VaeImageProcessor.postprocess} does. What is not a number becomes black.
   */
  List<Raster> rasters(NDArray input) {
    try (NDManager scope = kernels().manager().newSubManager()) {
      return Pixels.rasters(each(scope, input, this::bytes));
    }
  }

  private NDArray picture(NDManager owner, NDArray input) {
    return tiles(input)
        .map(parts -> parts.run(owner, chain, input))
        .orElseGet(() -> chain.run(owner, input));
  }

  private NDArray bytes(NDManager owner, NDArray input) {
    return tiles(input)
        .map(parts -> parts.rgb8(owner, chain, input))
        .orElseGet(() -> wholeBytes(owner, input));
  }

  private NDArray wholeBytes(NDManager owner, NDArray input) {
    try (NDManager scope = owner.newSubManager()) {
      return kernels().tensor(owner, "vae_rgb8", chain.run(scope, input));
    }
  }

  private Optional<Tiles> tiles(NDArray input) {
    return tiles.filter(parts -> parts.splits(input));
  }

  private NDArray each(
      NDManager owner, NDArray batch, BiFunction<NDManager, NDArray, NDArray> pass) {
    long pictures = batch.getShape().get(0);
    if (!slicing || pictures == 1) {
      return pass.apply(owner, batch);
    }
    try (NDManager scope = owner.newSubManager()) {
      List<NDArray> results = new ArrayList<>();
      for (long i = 0; i < pictures; i++) {
        results.add(pass.apply(scope, kernels().tensor(scope, "vae_part", batch, 0, i, 1)));
      }
      return kernels().tensor(owner, "joined", results, 0);
    }
  }

  Kernels kernels() {
    return chain.kernels();
  }
}
