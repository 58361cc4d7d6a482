package farm.darkroom.worker.render.engine;

import ai.djl.engine.Engine;
import farm.darkroom.common.Counted;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The GPUs that libtorch can use here. */
public final class Gpus {
  private Gpus() {}

  /**
   * Refuses a GPU that is not here. Libtorch is loaded only where the settings name one.
   *
   * @throws FarmException WORKER_UNFIT naming the devices that there are
   */
  public static void require(EngineSettings settings) {
    if (settings.gpu().isPresent()) {
      require(settings, count());
    }
  }

  static void require(EngineSettings settings, int there) {
    if (settings.gpu().orElse(-1) >= there) {
      String devices =
          Stream.concat(
                  Stream.of("cpu"), IntStream.range(0, there).mapToObj(index -> "cuda:" + index))
              .collect(Collectors.joining(", "));
      throw new FarmException(
          FailureKind.WORKER_UNFIT,
          "device: found %s, allowed: %s (libtorch finds %s here)"
              .formatted(settings.device(), devices, Counted.of(there, "GPU")));
    }
  }

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
