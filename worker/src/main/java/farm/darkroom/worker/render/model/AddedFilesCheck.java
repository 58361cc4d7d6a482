package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.Embedding;
import farm.darkroom.common.job.Lora;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.inventory.ModelFolders;
import java.nio.file.Path;
import java.util.List;

/** Opens the files that jobs add to a model as a render does, by their headers alone. */
public final class AddedFilesCheck {
  private final ModelFolders folders;
  private final AddedFiles files;

  public AddedFilesCheck(ModelFolders folders, Inputs inputs) {
    this.folders = requireNonNull(folders, "folders");
    this.files = new AddedFiles(folders, inputs, new Quarantine(System::nanoTime));
  }

  /**
   * Opens the job's LoRA files and embeddings, but those that lie in a store.
   *
   * @throws FarmException what a render would throw: a file is not here or broken, a LoRA is not
   *     for this model
   */
  public void check(RenderJob job) {
    List<Lora> loras =
        job.additions().loras().stream().filter(lora -> !lora.path().isStored()).toList();
    List<Embedding> embeddings =
        job.additions().embeddings().stream().filter(own -> !own.path().isStored()).toList();
    if (!loras.isEmpty()) {
      check(job.model(), files.loras(loras));
    }
    new Embeddings().get(files.embeddings(embeddings));
  }

  private void check(String model, List<OwnLora> loras) {
    Path place =
        folders
            .find(model)
            .orElseThrow(() -> FarmException.invalidJob("model %s is not here".formatted(model)));
    EngineFailures.during(
        FailureKind.WORKER_UNFIT,
        model,
        () -> {
          Snapshot snapshot = folders.snapshots().open(place);
          return OwnLora.open(loras, snapshot);
        });
  }
}
