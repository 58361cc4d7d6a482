package farm.darkroom.worker.stage;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;

/** Exceptions that no port declares, as failures of the job that was under way. */
final class Unforeseen {
  private Unforeseen() {}

  /**
   * A full heap is OUT_OF_MEMORY, and what cannot be loaded WORKER_UNFIT; all else is
   * RENDER_FAILED.
   */
  static FarmException asFailure(Throwable e) {
    if (e instanceof OutOfMemoryError) {
      return new FarmException(FailureKind.OUT_OF_MEMORY, "heap: " + e.getMessage(), e);
    }
    return e instanceof LinkageError
        ? new FarmException(FailureKind.WORKER_UNFIT, "engine: " + e.getMessage(), e)
        : new FarmException(FailureKind.RENDER_FAILED, e.toString(), e);
  }
}
