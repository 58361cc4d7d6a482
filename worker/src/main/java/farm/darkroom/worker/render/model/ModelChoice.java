package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.Lora;
import farm.darkroom.worker.render.inventory.FileVersions;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A model and everything that determines its weights, as jobs name it. Changed files are a matter
 * of {@link #versions}.
 *
 * @param name as jobs call it
 * @param folder of the snapshot
 * @param vae instead of the snapshot's
 * @param loras merged into it, in the job's order
 */
record ModelChoice(String name, Path folder, Optional<AddedModel> vae, List<AddedLora> loras) {
  ModelChoice {
    requireNonNull(name, "name");
    requireNonNull(folder, "folder");
    loras = List.copyOf(loras);
  }

  /**
   * What it is read from, as it is now.
   *
   * @throws farm.darkroom.common.FarmException as {@link FileVersions#of}
   */
  FileVersions versions() {
    Stream<Path> added =
        loras.stream().map(AddedLora::file).filter(own -> !own.fixed()).map(AddedFile::file);
    return FileVersions.of(
        Stream.concat(Stream.of(folder), vae.map(AddedModel::place).stream()), added);
  }

  /** Whether it is that snapshot with those networks, as far as their names say. */
  boolean is(Path snapshot, List<Lora> networks) {
    return folder.equals(snapshot)
        && loras.stream()
            .map(own -> new Lora(new FileReference(own.file().name()), own.weight()))
            .toList()
            .equals(networks);
  }
}
