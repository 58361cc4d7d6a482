package farm.darkroom.sdxl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.IValue;

/**
 * GPU memory that weights are copied into while the GPU computes. It is reserved in stream order:
 * the copying stream waits for the kernels queued before the reservation and for none queued after
 * it, so the buffer may reuse memory that those kernels have just freed. Closing it leaves tensors
 * made of the memory alone.
 */
public final class UploadBuffer implements AutoCloseable {
  private final NDArray memory;
  private final Stream stream;

  /** A stream of libtorch's, to hand to a kernel. */
  public static final class Stream {
    private final IValue value;

    private Stream(IValue value) {
      this.value = value;
    }

    IValue value() {
      return value;
    }
  }

  UploadBuffer(NDArray memory, IValue stream) {
    this.memory = memory;
    this.stream = new Stream(stream);
  }

  /** {@code [elements]}. */
  public NDArray memory() {
    return memory;
  }

  /** What copies into it. */
  public Stream stream() {
    return stream;
  }

  @Override
  public void close() {
    stream.value().close();
    memory.close();
  }
}
