package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * An encoder or a decoder: a chain that may take a batch picture by picture (diffusers: slicing)
 * and a large picture tile by tile.
 *
 * @param channels of the chain's output
 */
record Coder(BlockChain chain, int channels, boolean slicing, Optional<TileGrid> tiles) {
  private static final int UINT8 = 0;

  Coder withSlicing() {
    return new Coder(chain, channels, true, tiles);
  }

  Coder withTiles(TileGrid grid) {
    return new Coder(chain, channels, slicing, Optional.of(grid));
  }

  /** The chain's output for {@code input}, float32, as {@code owner}'s. */
  NDArray run(NDManager owner, NDArray input) {
    return each(owner, input, this::picture);
  }

  /** What {@link Pixels#toRgb8} makes of the output: uint8 {@code [n, height, width, channels]}. */
  NDArray rgb8(NDManager owner, NDArray input) {
    return each(owner, input, this::bytes);
  }

  private NDArray picture(NDManager owner, NDArray input) {
    return grid(input)
        .map(grid -> tiled(owner, input, grid))
        .orElseGet(() -> chain.run(owner, input));
  }

  private NDArray bytes(NDManager owner, NDArray input) {
    return grid(input)
        .map(grid -> tiledBytes(owner, input, grid))
        .orElseGet(() -> wholeBytes(owner, input));
  }

  private NDArray wholeBytes(NDManager owner, NDArray input) {
    try (NDManager scope = owner.newSubManager()) {
      return kernels().tensor(owner, "vae_rgb8", chain.run(scope, input));
    }
  }

  private NDArray tiled(NDManager owner, NDArray input, TileGrid grid) {
    Shape of = input.getShape();
    long height = grid.outputExtent(of.get(2));
    long width = grid.outputExtent(of.get(3));
    long[] sizes = {of.get(0), channels, height, width};
    int float32 = Dtype.FLOAT32.scalarType();
    NDArray output = kernels().tensor(owner, "vae_blank", input, sizes, float32);
    new TiledPass(chain, grid, input, output, "vae_place").run();
    return output;
  }

  private NDArray tiledBytes(NDManager owner, NDArray input, TileGrid grid) {
    Shape of = input.getShape();
    long height = grid.outputExtent(of.get(2));
    long width = grid.outputExtent(of.get(3));
    long[] sizes = {of.get(0), height, width, channels};
    NDArray output = kernels().tensor(owner, "vae_blank", input, sizes, UINT8);
    new TiledPass(chain, grid, input, output, "vae_place_rgb8").run();
    return output;
  }

  private Optional<TileGrid> grid(NDArray input) {
    return tiles.filter(grid -> grid.splits(input));
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
      return kernels().tensor(owner, "vae_stacked", results);
    }
  }

  Kernels kernels() {
    return chain.kernels();
  }
}
