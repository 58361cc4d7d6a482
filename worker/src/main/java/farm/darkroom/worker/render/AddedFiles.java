package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.Additions;
import farm.darkroom.common.job.Embedding;
import farm.darkroom.common.job.Lora;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The LoRA files and embeddings that jobs may name here. Thread-safe. */
final class AddedFiles {
  private final ModelFolders folders;
  private final Quarantine quarantine;

  AddedFiles(ModelFolders folders, Quarantine quarantine) {
    this.folders = requireNonNull(folders, "folders");
    this.quarantine = requireNonNull(quarantine, "quarantine");
  }

  /** Why something that a job adds cannot be used here; empty when all can. */
  Optional<String> lack(Additions additions) {
    return Stream.concat(
            additions.loras().stream().map(lora -> lack(FileKind.LORA, lora.path())),
            additions.embeddings().stream().map(own -> lack(FileKind.EMBEDDING, own.path())))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private Optional<String> lack(FileKind kind, String name) {
    return folders.find(name, kind).isEmpty()
        ? Optional.of(missing(kind, name))
        : quarantine.complaint(kind.label(), name);
  }

  private static String missing(FileKind kind, String name) {
    return "%s %s is not installed here; it is a path, or a file under --models or its folder %s"
        .formatted(kind.label(), name, kind.folder());
  }

  /**
   * The job's LoRA files.
   *
   * @throws FarmException WORKER_UNFIT when one is not here, or broken
   */
  List<OwnLora> loras(List<Lora> loras) {
    return loras.stream()
        .map(lora -> new OwnLora(file(FileKind.LORA, lora.path()), lora.weight()))
        .toList();
  }

  /**
   * The job's embeddings.
   *
   * @throws FarmException as {@link #loras}
   */
  List<OwnEmbedding> embeddings(List<Embedding> embeddings) {
    return embeddings.stream()
        .map(own -> new OwnEmbedding(file(FileKind.EMBEDDING, own.path()), own.token()))
        .toList();
  }

  /** The file; one that is no safetensors file is put aside. */
  private OwnFile file(FileKind kind, String name) {
    Path file =
        folders
            .find(name, kind)
            .orElseThrow(() -> new FarmException(FailureKind.WORKER_UNFIT, missing(kind, name)));
    return quarantine.guarding(
        name,
        () -> {
          EngineFailures.during(FailureKind.WORKER_UNFIT, name, () -> SafetensorsFile.open(file));
          return OwnFile.of(name, file);
        });
  }
}
