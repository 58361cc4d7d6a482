package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.Additions;
import farm.darkroom.common.job.Embedding;
import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.Lora;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.inventory.FileKind;
import farm.darkroom.worker.render.inventory.ModelFolders;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Resolves the LoRA files and embeddings that jobs name. Thread-safe. */
final class AddedFiles {
  private final ModelFolders folders;
  private final Inputs inputs;
  private final Quarantine quarantine;

  /**
   * @param inputs where files come from that do not lie here
   */
  AddedFiles(ModelFolders folders, Inputs inputs, Quarantine quarantine) {
    this.folders = requireNonNull(folders, "folders");
    this.inputs = requireNonNull(inputs, "inputs");
    this.quarantine = requireNonNull(quarantine, "quarantine");
  }

  /** Why one of a job's additions cannot be used here; empty if all can. */
  Optional<String> unmetRequirement(Additions additions) {
    return Stream.concat(
            additions.loras().stream().map(lora -> unmetRequirement(FileKind.LORA, lora.path())),
            additions.embeddings().stream()
                .map(own -> unmetRequirement(FileKind.EMBEDDING, own.path())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** Files in a store are looked for only when they are needed. */
  private Optional<String> unmetRequirement(FileKind kind, FileReference file) {
    return !file.isStored() && folders.find(file.text(), kind).isEmpty()
        ? Optional.of(missing(kind, file.text()))
        : quarantine.complaint(kind.label(), file.text());
  }

  private static String missing(FileKind kind, String name) {
    return "%s %s is not installed here; it is a path, or a file under --models or its folder %s"
        .formatted(kind.label(), name, kind.folder());
  }

  /**
   * The job's LoRA files.
   *
   * @throws FarmException WORKER_UNFIT when one is not here, or broken; of those that come from a
   *     store INVALID_JOB when broken, and as {@link Inputs#fetch}
   */
  List<AddedLora> loras(List<Lora> loras) {
    return loras.stream()
        .map(lora -> new AddedLora(file(FileKind.LORA, lora.path()), lora.weight()))
        .toList();
  }

  /**
   * The job's embeddings.
   *
   * @throws FarmException as {@link #loras}
   */
  List<AddedEmbedding> embeddings(List<Embedding> embeddings) {
    return embeddings.stream()
        .map(own -> new AddedEmbedding(file(FileKind.EMBEDDING, own.path()), own.token()))
        .toList();
  }

  private AddedFile file(FileKind kind, FileReference file) {
    return file.isStored() ? fetched(kind, file) : installed(kind, file.text());
  }

  /** A stored file is exactly the one that the job names, so its faults are the job's. */
  private AddedFile fetched(FileKind kind, FileReference reference) {
    Path file =
        quarantine.quarantiningFailures(
            kind.label(), reference.text(), () -> inputs.fetch(reference));
    EngineFailures.during(
        FailureKind.INVALID_JOB, reference.text(), () -> SafetensorsFile.open(file));
    return new AddedFile(reference.text(), file, true);
  }

  /** Files that are not safetensors files are put in quarantine. */
  private AddedFile installed(FileKind kind, String name) {
    Path file =
        folders
            .find(name, kind)
            .orElseThrow(() -> new FarmException(FailureKind.WORKER_UNFIT, missing(kind, name)));
    return quarantine.quarantiningFailures(
        kind.label(),
        name,
        () -> {
          EngineFailures.during(FailureKind.WORKER_UNFIT, name, () -> SafetensorsFile.open(file));
          return new AddedFile(name, file, false);
        });
  }
}
