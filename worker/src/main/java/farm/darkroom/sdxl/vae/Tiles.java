package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A strategy for running a chain over a large input part by part. */
interface Tiles {

  /** Whether {@code input [n, c, h, w]} is taken in parts. */
  boolean splits(NDArray input);

  /** The whole output, float32. */
  NDArray run(NDManager owner, BlockChain chain, NDArray input);

  /** What {@link Pixels} makes of the output: uint8 {@code [n, height, width, channels]}. */
  NDArray rgb8(NDManager owner, BlockChain chain, NDArray input);
}
