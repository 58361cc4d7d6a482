package farm.darkroom.sdxl.weights;

import farm.darkroom.sdxl.torch.Dtype;
import java.util.Locale;

/** How a weight is laid out on the device for the kernels. */
public enum Layout {
  /** As in the file: biases, norms, embedding tables. */
  PLAIN(0),
  /** {@code [out, in]} of a linear layer; packed for oneDNN where that pays. */
  LINEAR(0),
  /**
   * {@code [2 * out, in]} of a GEGLU's first linear layer, values before gates; where linear layers
   * are packed the two are packed apart, so that the activation and the product by it are done with
   * the products.
   */
  GATED(0),
  /**
   * {@code [out, in, kh, kw]} of a convolution; in float32 on a CPU as it is and, where it is more
   * than 1 by 1, packed for oneDNN beside that; else channels last, and in bfloat16 packed where
   * the CPU has it.
   */
  CONVOLUTION(0),
  /**
   * {@code [out, in, 3, 3]} of a convolution with stride 1, transformed for tiles of 2 by 2
   * outputs: Winograd's F(2x2, 3x3) as in Lavin and Gray, "Fast Algorithms for Convolutional Neural
   * Networks" (2015). In float32 on a CPU, elsewhere as {@link #CONVOLUTION}.
   */
  TILES_OF_2(2),
  /** For Winograd convolutions with tiles of 4 by 4 outputs: F(4x4, 3x3). */
  TILES_OF_4(4),
  /**
   * {@code [out, in, 3, 3]} of a convolution of a picture that was enlarged to twice its sides. On
   * a CPU the enlarged picture is not made: in float32 the weight is nine sums of its taps, in
   * bfloat16 four times 2 by 2 of them. Elsewhere as {@link #CONVOLUTION}.
   */
  ENLARGED(0);

  /** Below this many channels the transforms of inputs and outputs cost what the products save. */
  private static final long FEWEST = 128;

  /** Up to this many pairs of channels 36 matrices for 9 taps are no burden: 47 MB. */
  private static final long SMALL = 320 * 1024;

  /**
   * Below this many elements a float32 product costs less than what oneDNN needs to begin with a
   * packed weight: 256 by 256.
   */
  private static final long FEWEST_PACKED = 64 * 1024;

  private static final int TAPS = 9;

  /** Taps of the four places that one becomes, 2 by 2 each. */
  private static final int PHASES = 16;

  /** The taps in float32, their sums, and these rounded, joined and packed: of each in bfloat16. */
  private static final int SUMS = 8;

  private final int tile;

  Layout(int tile) {
    this.tile = tile;
  }

  /**
   * For a 3 by 3 convolution with stride 1. By its channels alone, so that it is computed alike at
   * every size and on every machine.
   */
  static Layout of3x3(long in, long out) {
    if (Math.min(in, out) < FEWEST) {
      return CONVOLUTION;
    }
    return in * out <= SMALL ? TILES_OF_4 : TILES_OF_2;
  }

  /** For a 3 by 3 convolution of an enlarged picture: by its channels alone too. */
  static Layout ofEnlarged(long in, long out) {
    return Math.min(in, out) < FEWEST ? CONVOLUTION : ENLARGED;
  }

  /** The name that the kernels know it by, such as {@code tiles_of_2}. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it is of a linear layer. */
  boolean isLinear() {
    return this == LINEAR || this == GATED;
  }

  /** Whether products by a linear layer's weight take less time packed, where the CPU packs. */
  boolean gainsByPacking(WeightSpec weight, Dtype dtype) {
    return dtype != Dtype.FLOAT32 || weight.elements() >= FEWEST_PACKED;
  }

  /** Whether it is of a convolution. */
  boolean isConvolution() {
    return this == CONVOLUTION || this == ENLARGED || tile > 0;
  }

  /** Outputs along a side of a tile; 0 where there are no tiles. */
  int tile() {
    return tile;
  }

  /** Elements that the weight has on a CPU. */
  long elements(WeightSpec weight, Dtype dtype) {
    if (tiled(dtype)) {
      return weight.elements() / TAPS * matrices();
    }
    if (inPhases(dtype)) {
      return weight.elements() / TAPS * PHASES;
    }
    return packedBeside(weight, dtype) ? 2 * weight.elements() : weight.elements();
  }

  /** Elements that are there beside the result while the weight is laid out. */
  long whileLaidOut(WeightSpec weight, Dtype dtype) {
    if (inPhases(dtype)) {
      return SUMS * weight.elements();
    }
    boolean transformed = tiled(dtype) || this == ENLARGED && dtype == Dtype.FLOAT32;
    return weight.elements() + (transformed ? elements(weight, dtype) : 0);
  }

  private boolean inPhases(Dtype dtype) {
    return this == ENLARGED && dtype == Dtype.BFLOAT16;
  }

  private boolean tiled(Dtype dtype) {
    return tile > 0 && dtype == Dtype.FLOAT32;
  }

  private boolean packedBeside(WeightSpec weight, Dtype dtype) {
    return this == CONVOLUTION && dtype == Dtype.FLOAT32 && !weight.isPointwise();
  }

  /** Matrices that the nine taps become in tiles: one for each place of an input tile. */
  long matrices() {
    return (tile + 2L) * (tile + 2L);
  }
}
