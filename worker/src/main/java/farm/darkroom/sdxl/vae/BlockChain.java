package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Weights;
import java.util.List;

/** A sequence of blocks, each of which holds its weights only while it computes. */
record BlockChain(List<Block> blocks, Kernels kernels, Weights weights) {

  /** The last block's output, which belongs to {@code owner}; {@code input} stays the caller's. */
  NDArray run(NDManager owner, NDArray input) {
    NDArray x = input;
    for (Block block : blocks) {
      NDArray y = step(owner, block, x);
      if (x != input) {
        x.close();
      }
      x = y;
    }
    return x;
  }

  private NDArray step(NDManager owner, Block block, NDArray x) {
    try (Weights.Hold hold = weights.hold(block.weights())) {
      return kernels.tensor(owner, block.kernel().function(), hold.dict(), x, block.argument());
    }
  }
}
