package farm.darkroom.worker.command;

import farm.darkroom.common.FarmException;
import farm.darkroom.worker.render.inventory.ModelFolders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The folder of models, for commands that only list and check them. */
public final class ModelFolderOption {
  @Option(
      names = "--models",
      paramLabel = "DIR",
      description = "folder of models (DARKROOM_MODELS), as a worker has it")
  private Path models;

  /**
   * The folders in which a worker with the same flag and variables would look.
   *
   * @throws FarmException INVALID_JOB when a folder was typed that is not there
   */
  ModelFolders folders(Map<String, String> environment) {
    if (models != null && !Files.isDirectory(models)) {
      throw FarmException.invalidJob("--models %s: there is no such folder".formatted(models));
    }
    return ModelFolders.ofThisMachine(
        Optional.ofNullable(models)
            .or(
                () ->
                    Optional.ofNullable(environment.get("DARKROOM_MODELS"))
                        .filter(text -> !text.isBlank())
                        .map(Path::of)));
  }
}
