package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import java.util.stream.IntStream;

/**
 * Where tiles begin, how much of each is kept, and how far it is blended with the one before
 * (diffusers: {@code AutoencoderKL.tiled_decode} and {@code _tiled_encode}).
 *
 * @param tile side of a tile of the input
 * @param stride from one tile's begin to the next
 * @param blend rows and columns of the output that neighbours share
 * @param limit rows and columns that are kept of an output tile
 * @param up output for {@code down} of the input
 */
record TileGrid(int tile, int stride, int blend, int limit, int up, int down) {

  /** From latents to pixels. */
  static TileGrid decoding(Tiling tiling, int factor) {
    return new TileGrid(
        tiling.latentMinSize(),
        (int) (tiling.latentMinSize() * (1 - tiling.overlapFactor())),
        (int) (tiling.sampleMinSize() * tiling.overlapFactor()),
        tiling.sampleMinSize() - (int) (tiling.sampleMinSize() * tiling.overlapFactor()),
        factor,
        1);
  }

  /** From pixels to latents. */
  static TileGrid encoding(Tiling tiling, int factor) {
    return new TileGrid(
        tiling.sampleMinSize(),
        (int) (tiling.sampleMinSize() * (1 - tiling.overlapFactor())),
        (int) (tiling.latentMinSize() * tiling.overlapFactor()),
        tiling.latentMinSize() - (int) (tiling.latentMinSize() * tiling.overlapFactor()),
        1,
        factor);
  }

  /** Whether {@code input [n, c, h, w]} is larger than one tile. */
  boolean splits(NDArray input) {
    return input.getShape().get(2) > tile || input.getShape().get(3) > tile;
  }

  /** Number of tiles along a side of the input. */
  int count(long extent) {
    return Math.toIntExact((extent + stride - 1) / stride);
  }

  /** The output's side for a side of the input. */
  long outputExtent(long extent) {
    return begin(extent, count(extent));
  }

  /** Where tile {@code i} begins in the output along a side. */
  long begin(long extent, int i) {
    return IntStream.range(0, i).mapToLong(before -> kept(extent, before)).sum();
  }

  /** What is kept of tile {@code i} along a side. */
  long kept(long extent, int i) {
    return Math.min(limit, scaled(Math.min(tile, extent - (long) i * stride)));
  }

  /** The output's measure for one of the input. */
  long scaled(long extent) {
    return extent * up / down;
  }
}
