package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;

/**
 * The tiles of {@code AutoencoderTiny}: each is faded in over what the ones before left. Here even
 * a picture of one tile's size is taken in parts, as diffusers does.
 *
 * @param grid its limit is not used: tiles are placed whole, where they begin
 * @param channels of the output
 */
record FadedTiles(TileGrid grid, int channels) implements Tiles {

  @Override
  public boolean splits(NDArray input) {
    Shape of = input.getShape();
    return of.get(2) > grid.stride() || of.get(3) > grid.stride();
  }

  @Override
  public NDArray run(NDManager owner, BlockChain chain, NDArray input) {
    Shape of = input.getShape();
    long[] sizes = {
      of.get(0), channels, grid.scaled(of.get(2)), grid.scaled(of.get(3)),
    };
    Kernels kernels = chain.kernels();
    NDArray output = kernels.tensor(owner, "vae_blank", input, sizes, Dtype.FLOAT32.scalarType());
    for (long top = 0; top < of.get(2); top += grid.stride()) {
      for (long left = 0; left < of.get(3); left += grid.stride()) {
        place(chain, input, output, top, left);
      }
    }
    return output;
  }

  private void place(BlockChain chain, NDArray input, NDArray output, long top, long left) {
    Kernels kernels = chain.kernels();
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray part =
          kernels.tensor(scope, "vae_window", input, top, left, grid.tile(), grid.tile());
      NDArray tile = chain.run(scope, part);
      long row = grid.scaled(top);
      long column = grid.scaled(left);
      kernels.tensor(scope, "tiny_place", output, tile, row, column, grid.blend());
    }
  }

  @Override
  public NDArray rgb8(NDManager owner, BlockChain chain, NDArray input) {
    try (NDManager scope = owner.newSubManager()) {
      return chain.kernels().tensor(owner, "vae_rgb8", run(scope, chain, input));
    }
  }
}
