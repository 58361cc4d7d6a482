package farm.darkroom.worker.command;

import farm.darkroom.worker.WorkerSettings;
import picocli.CommandLine.Option;

/** How many pictures may be rendered side by side, on a farm or without one. */
final class BatchOption {
  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "how many pictures of the same model, size and schedule may share a forward"
              + " pass; with more than 1 the last bits of a picture depend on which others"
              + " share its pass (default ${DEFAULT-VALUE})")
  private int batch;

  /**
   * The most pictures that share a pass of the model; 1 for none.
   *
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT naming what was found and what is
   *     allowed
   */
  int pictures() {
    WorkerSettings.requireBatch(batch);
    return batch;
  }
}
