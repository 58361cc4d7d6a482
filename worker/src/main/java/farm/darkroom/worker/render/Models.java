package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.RenderPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The models that jobs may name here: found in folders, opened when asked for, put aside when they
 * turn out broken. {@link #open} and {@link #use} are for one thread, the rest is for all.
 */
final class Models implements AutoCloseable {
  private final ModelFolders folders;
  private final Pipelines pipelines;
  private final Quarantine quarantine = new Quarantine(System::nanoTime);

  Models(ModelFolders folders, Pipelines pipelines) {
    this.folders = requireNonNull(folders, "folders");
    this.pipelines = requireNonNull(pipelines, "pipelines");
  }

  /** The names of those that can be used, as far as is known. */
  List<String> names() {
    return folders.names().stream().filter(name -> quarantine.why(name).isEmpty()).toList();
  }

  /** Why {@code model} cannot be used here; empty when it can. */
  Optional<String> lack(String model) {
    if (folders.find(model).isEmpty()) {
      String installed = names().isEmpty() ? "none" : String.join(", ", names());
      return Optional.of(
          "model %s is not installed here; installed: %s".formatted(model, installed));
    }
    return quarantine
        .why(model)
        .map(why -> "model %s cannot be used here: %s".formatted(model, why));
  }

  /** What is opened from now on is opened so. */
  void use(RenderPlan plan) {
    pipelines.use(plan);
  }

  /**
   * The model, open.
   *
   * @throws FarmException WORKER_UNFIT when it is not here, or broken
   */
  LoadedModel open(String model) {
    Path folder =
        folders
            .find(model)
            .orElseThrow(
                () -> new FarmException(FailureKind.WORKER_UNFIT, lack(model).orElseThrow()));
    try {
      return pipelines.get(model, folder);
    } catch (FarmException e) {
      if (e.kind() == FailureKind.WORKER_UNFIT) {
        putAside(model, e.getMessage());
      }
      throw e;
    }
  }

  /** The model is not to be used for a while. */
  void putAside(String model, String why) {
    quarantine.put(model, why);
  }

  /** Closes what is open; it is opened again when it is asked for. */
  @Override
  public void close() {
    pipelines.close();
  }
}
