package farm.darkroom.sdxl.singlefile;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.TensorBytes;
import farm.darkroom.sdxl.weights.TensorView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/** A transposed matrix of a file. The copy is made once, off the heap. */
final class Transposed implements TensorBytes {
  private final TensorView stored;
  private ByteBuffer copy;

  private Transposed(TensorView stored) {
    this.stored = stored;
  }

  /**
   * The transposed matrix.
   *
   * @throws SdxlException when it is no matrix
   */
  static TensorView of(TensorView matrix, String name) {
    StoredTensor from = matrix.tensor();
    if (from.shape().size() != 2) {
      throw new SdxlException(
          "%s: %s is %s, expected a matrix"
              .formatted(matrix.source().file(), from.name(), from.shape()));
    }
    List<Long> shape = List.of(from.shape().get(1), from.shape().get(0));
    StoredTensor to = new StoredTensor(name, from.type(), shape, 0, from.bytes());
    return new TensorView(to, new Transposed(matrix));
  }

  @Override
  public Path file() {
    return stored.source().file();
  }

  @Override
  public synchronized ByteBuffer bytes(StoredTensor tensor) {
    if (copy == null) {
      copy = transpose();
    }
    return copy.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer transpose() {
    StoredTensor from = stored.tensor();
    ByteBuffer bytes = stored.source().bytes(from);
    int rows = Math.toIntExact(from.shape().get(0));
    int columns = Math.toIntExact(from.shape().get(1));
    int width = from.type().bytes();
    ByteBuffer swapped = ByteBuffer.allocateDirect(bytes.remaining());
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int target = (column * rows + row) * width;
        swapped.put(target, bytes, (row * columns + column) * width, width);
      }
    }
    return swapped;
  }
}
