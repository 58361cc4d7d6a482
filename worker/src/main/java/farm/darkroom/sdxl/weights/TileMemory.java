package farm.darkroom.sdxl.weights;

/**
 * What a convolution has alive beside its input and output where it is not computed directly: the
 * kernels {@code winograd} and {@code enlarged} take so many rows at a time that what they make of
 * them fits into a cache.
 */
public final class TileMemory {
  /** As in the kernels: transformed inputs and their products, 36 MB. */
  private static final long MOST = 9 << 20;

  /** As in {@code enlarged.py}: a picture, its differences, products of both and their sums. */
  private static final long INPUTS = 4;

  private static final long PRODUCTS = 9;
  private static final long SUMS = 3;

  private TileMemory() {}

  /**
   * Elements for a 3 by 3 convolution of so many pictures; none where it is not in tiles. An output
   * whose sides are no multiples of a tile's is copied.
   */
  public static long elements(long in, long out, long batch, long height, long width) {
    Layout layout = Layout.of3x3(in, out);
    int tile = layout.tile();
    if (tile == 0) {
      return 0;
    }
    long matrices = layout.matrices();
    long row = batch * ((width + tile - 1) / tile);
    long rows = Math.max(1, MOST / (matrices * (in + out) * row));
    long tiles = row * Math.min(rows, (height + tile - 1) / tile);
    boolean even = height % tile == 0 && width % tile == 0;
    long cut = even ? 0 : batch * height * width * out;
    return Math.max(cut, matrices * tiles * Math.max(in + out, 2 * Math.max(in, out)));
  }

  /**
   * Elements for the 3 by 3 convolution of an enlarged picture, in float32 by differences or in
   * bfloat16 by phases, whichever has more; none where it is computed directly.
   *
   * @param height of the picture before
   */
  public static long enlarged(long in, long out, long batch, long height, long width) {
    if (Layout.ofEnlarged(in, out) != Layout.ENLARGED) {
      return 0;
    }
    long row = batch * width * (INPUTS * in + PRODUCTS * out);
    long rows = Math.min(height, Math.max(1, MOST / row));
    long channels = INPUTS * in + (PRODUCTS + SUMS) * out;
    long differences = batch * (rows + 2) * (width + 2) * channels;
    long phases = 4 * out * batch * (height + 1) * (width + 1);
    return Math.max(differences, phases);
  }
}
