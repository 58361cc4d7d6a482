package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.Embedding;
import farm.darkroom.common.job.Lora;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.CLIPTextConfig;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.inventory.ModelFolders;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
   * @throws FarmException what a render would throw: a file is not here or broken, a LoRA or an
   *     embedding is not for this model
   */
  public void check(RenderJob job) {
    List<Lora> loras =
        job.additions().loras().stream().filter(lora -> !lora.path().isStored()).toList();
    List<Embedding> embeddings =
        job.additions().embeddings().stream().filter(own -> !own.path().isStored()).toList();
    List<OwnLora> networks = files.loras(loras);
    List<TextualInversion> words = Embeddings.open(files.embeddings(embeddings));
    if (!networks.isEmpty() || !words.isEmpty()) {
      Snapshot snapshot = open(job.model());
      EngineFailures.during(
          FailureKind.WORKER_UNFIT, job.model(), () -> OwnLora.open(networks, snapshot));
      EngineFailures.during(FailureKind.INVALID_JOB, job.model(), () -> check(words, snapshot));
    }
  }

  private Snapshot open(String model) {
    Path place =
        folders
            .find(model)
            .orElseThrow(() -> FarmException.invalidJob("model %s is not here".formatted(model)));
    return EngineFailures.during(
        FailureKind.WORKER_UNFIT, model, () -> folders.snapshots().open(place));
  }

  private static List<TextualInversion> check(List<TextualInversion> words, Snapshot snapshot) {
    for (String name : List.of("text_encoder", "text_encoder_2")) {
      Optional<CLIPTextConfig> encoder = snapshot.find(name).map(CLIPTextConfig::of);
      encoder.ifPresent(config -> words.forEach(word -> word.check(name, config)));
    }
    return words;
  }
}
