package farm.darkroom.sdxl.weights;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A source of tensors' bytes. Thread-safe. */
public interface TensorBytes {

  /** The file that they are in. */
  Path file();

  /** A tensor's bytes, little-endian, not on the Java heap. */
  ByteBuffer bytes(StoredTensor tensor);
}
