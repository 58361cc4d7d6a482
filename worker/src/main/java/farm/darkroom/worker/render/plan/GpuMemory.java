package farm.darkroom.worker.render.plan;

import ai.djl.Device;
import ai.djl.util.cuda.CudaUtils;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.lang.management.MemoryUsage;

/**
 * What a GPU has for this process: its free memory when it is first asked for, before any model is
 * open. Later readings would count what libtorch keeps in its own cache as taken. Not thread-safe.
 */
final class GpuMemory {
  private final int index;
  private Budget first;

  GpuMemory(int index) {
    this.index = index;
  }

  /**
   * @throws FarmException WORKER_UNFIT when there is no such GPU, or no CUDA runtime
   */
  Budget budget() {
    if (first == null) {
      first = read();
    }
    return first;
  }

  private Budget read() {
    try {
      MemoryUsage usage = CudaUtils.getGpuMemory(Device.gpu(index));
      return new Budget(usage.getMax() - usage.getUsed(), "the GPU's free memory", false);
    } catch (RuntimeException | LinkageError e) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT,
          "device cuda:%d: there is no such GPU here".formatted(index),
          e);
    }
  }
}
