package farm.darkroom.sdxl.torch;

import ai.djl.pytorch.jni.IValue;

/**
 * A {@code Dict[str, Tensor]} that lives in libtorch and is handed to kernels as a whole: weights
 * of a block, keys and values of a job's text. What is inside may have any type and layout, packed
 * ones included, so nothing of it is ever read from Java. One owner closes it.
 */
public final class TensorDict implements AutoCloseable {
  private final IValue value;

  TensorDict(IValue value) {
    this.value = value;
  }

  IValue value() {
    return value;
  }

  @Override
  public void close() {
    value.close();
  }
}
