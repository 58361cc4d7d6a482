package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Dtype;

/**
 * The tiles of {@code AutoencoderKL}.
 *
 * @param channels of the output
 */
record BlendedTiles(TileGrid grid, int channels) implements Tiles {
  private static final int UINT8 = 0;

  @Override
  public boolean splits(NDArray input) {
    return grid.splits(input);
  }

  @Override
  public NDArray run(NDManager owner, BlockChain chain, NDArray input) {
    Shape of = input.getShape();
    long height = grid.outputExtent(of.get(2));
    long width = grid.outputExtent(of.get(3));
    long[] sizes = {of.get(0), channels, height, width};
    return filled(owner, chain, input, sizes, Dtype.FLOAT32.scalarType(), "vae_place");
  }

  @Override
  public NDArray rgb8(NDManager owner, BlockChain chain, NDArray input) {
    Shape of = input.getShape();
    long height = grid.outputExtent(of.get(2));
    long width = grid.outputExtent(of.get(3));
    long[] sizes = {of.get(0), height, width, channels};
    return filled(owner, chain, input, sizes, UINT8, "vae_place_rgb8");
  }

  private NDArray filled(
      NDManager owner, BlockChain chain, NDArray input, long[] sizes, int type, String place) {
    NDArray output = chain.kernels().tensor(owner, "vae_blank", input, sizes, type);
    new TiledPass(chain, grid, input, output, place).run();
    return output;
  }
}
