package farm.darkroom.worker.render.engine;

import ai.djl.engine.Engine;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;

/** The GPUs that libtorch can use here. */
public final class Gpus {
  private Gpus() {}

  /**
   * How many; they are {@code cuda:0} and so on.
   *
   * @throws FarmException WORKER_UNFIT when libtorch does not load
   */
  public static int count() {
    try {
      return Engine.getEngine("PyTorch").getGpuCount();
    } catch (RuntimeException | LinkageError e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT, "libtorch does not start: " + e.getMessage(), e);
    }
  }
}
