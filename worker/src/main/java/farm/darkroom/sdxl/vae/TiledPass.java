package farm.darkroom.sdxl.vae;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a chain tile by tile into {@code output}. A tile is blended with the finished one above it,
 * then with the finished one to its left, of which only the edges are kept: memory is that of a
 * tile and a row of edges.
 *
 * @param place the kernel that puts what is kept of a tile into the output
 */
record TiledPass(BlockChain chain, TileGrid grid, NDArray input, NDArray output, String place) {
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  void run() {
    try (NDManager edges = kernels().manager().newSubManager()) {
      List<NDArray> above = List.of();
      for (int row = 0; row < grid.count(height()); row++) {
        List<NDArray> lower = row(row, above, edges);
        above.forEach(NDArray::close);
        above = lower;
      }
    }
  }

  /** One row of tiles; gives their lower edges. */
  private List<NDArray> row(int row, List<NDArray> above, NDManager edges) {
    List<NDArray> lower = new ArrayList<>();
    Optional<NDArray> left = Optional.empty();
    for (int column = 0; column < grid.count(width()); column++) {
      try (NDManager scope = edges.newSubManager()) {
        NDArray tile = tile(scope, row, column);
        if (row > 0) {
          blend(scope, above.get(column), tile, ROWS);
        }
        left.ifPresent(edge -> blend(scope, edge, tile, COLUMNS));
        left.ifPresent(NDArray::close);
        left = Optional.of(edge(edges, tile, COLUMNS));
        lower.add(edge(edges, tile, ROWS));
        place(scope, tile, row, column);
      }
    }
    left.ifPresent(NDArray::close);
    return lower;
  }

  private NDArray tile(NDManager scope, int row, int column) {
    int top = row * grid.stride();
    int left = column * grid.stride();
    return chain.run(scope, window(scope, input, top, left, grid.tile(), grid.tile()));
  }

  private void blend(NDManager scope, NDArray edge, NDArray tile, int dim) {
    kernels().tensor(scope, "vae_blend", edge, tile, dim, grid.blend());
  }

  private NDArray edge(NDManager edges, NDArray tile, int dim) {
    return kernels().tensor(edges, "vae_edge", tile, dim, grid.blend());
  }

  private void place(NDManager scope, NDArray tile, int row, int column) {
    NDArray kept = window(scope, tile, 0, 0, grid.kept(height(), row), grid.kept(width(), column));
    long top = grid.begin(height(), row);
    kernels().tensor(scope, place, output, kept, top, grid.begin(width(), column));
  }

  private NDArray window(
      NDManager scope, NDArray of, long top, long left, long height, long width) {
    return kernels().tensor(scope, "vae_window", of, top, left, height, width);
  }

  private Kernels kernels() {
    return chain.kernels();
  }

  private long height() {
    return input.getShape().get(2);
  }

  private long width() {
    return input.getShape().get(3);
  }
}
