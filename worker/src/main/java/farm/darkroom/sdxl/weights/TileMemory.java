package farm.darkroom.sdxl.weights;

/**
 * What a convolution in tiles has alive beside its input and output: the kernel {@code winograd}
 * takes so many rows of tiles at a time that they fit into a cache, and copies an output whose
 * sides are no multiples of a tile's.
 */
public final class TileMemory {
  /** As in {@code winograd.py}: transformed inputs and their products, 36 MB. */
  private static final long MOST = 9 << 20;

  private TileMemory() {}

  /** Elements for a 3 by 3 convolution of so many pictures; none where it is not in tiles. */
  public static long elements(long in, long out, long batch, long height, long width) {
    int size = Layout.of3x3(in, out).size();
    if (size == 0) {
      return 0;
    }
    long matrices = (size + 2L) * (size + 2L);
    long row = batch * ((width + size - 1) / size);
    long rows = Math.max(1, MOST / (matrices * (in + out) * row));
    long tiles = row * Math.min(rows, (height + size - 1) / size);
    boolean even = height % size == 0 && width % size == 0;
    long cut = even ? 0 : batch * height * width * out;
    return Math.max(cut, matrices * tiles * Math.max(in + out, 2 * Math.max(in, out)));
  }
}
