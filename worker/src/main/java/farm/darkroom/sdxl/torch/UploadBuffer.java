package farm.darkroom.sdxl.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.jni.IValue;

/**
 * Memory on a GPU that weights are copied into beside what the GPU computes. It is reserved in the
 * order of the computing thread's kernels; the stream waits for those that came before and for none
 * that come after, so that memory which they have just freed may be what is reserved. Closing it
 * leaves alone what was made of the memory.
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
