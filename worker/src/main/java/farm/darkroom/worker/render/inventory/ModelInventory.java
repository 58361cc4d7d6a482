package farm.darkroom.worker.render.inventory;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.lora.LoraCheck;
import farm.darkroom.sdxl.pipeline.SnapshotCheck;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.worker.render.inventory.InstalledModel.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lists and checks the models that workers of this machine would find. Starts no engine.
 * Thread-safe.
 */
public final class ModelInventory {
  private final ModelFolders folders;
  private final Snapshots snapshots;

  public ModelInventory(ModelFolders folders) {
    this.folders = requireNonNull(folders, "folders");
    this.snapshots = folders.snapshots();
  }

  /** All models that jobs may name, by name, then components, then LoRA files and embeddings. */
  public List<InstalledModel> models() {
    ModelKinds kinds = new ModelKinds(snapshots);
    List<InstalledModel> models = new ArrayList<>();
    for (String name : folders.names()) {
      folders
          .find(name)
          .ifPresent(place -> models.add(installed(name, kinds.ofModel(place), place)));
    }
    folders
        .components()
        .forEach(
            (name, place) -> models.add(installed(name, ModelKinds.ofComponent(place), place)));
    folders
        .files()
        .forEach(
            (name, file) ->
                ModelKinds.ofFile(file)
                    .map(kind -> new InstalledModel(name, kind, false, bytes(file), file))
                    .ifPresent(models::add));
    return models;
  }

  private static InstalledModel installed(String name, Kind kind, Path place) {
    return new InstalledModel(name, kind, Files.isRegularFile(place), bytes(place), place);
  }

  /**
   * What is wrong with a model.
   *
   * @param name of a job's model, or a path
   * @return empty when there is no such model, else a line for each problem
   */
  public Optional<List<String>> problems(String name) {
    Path path = Path.of(name);
    return Files.exists(path)
        ? Optional.of(problems(path))
        : folders
            .find(name)
            .or(() -> folders.component(name))
            .or(() -> folders.find(name, FileKind.LORA))
            .or(() -> folders.find(name, FileKind.EMBEDDING))
            .map(this::problems);
  }

  private List<String> problems(Path place) {
    if (folders.isComponent(place)) {
      return SnapshotCheck.componentProblems(place);
    }
    Optional<Kind> added = Files.isRegularFile(place) ? ModelKinds.ofFile(place) : Optional.empty();
    return added
        .map(kind -> kind == Kind.LORA ? LoraCheck.problems(place) : embeddingProblems(place))
        .orElseGet(() -> SnapshotCheck.problems(() -> snapshots.open(place)));
  }

  private static List<String> embeddingProblems(Path place) {
    try {
      TextualInversion.open(place, "word");
      return List.of();
    } catch (SdxlException e) {
      return List.of(e.getMessage());
    }
  }

  private static long bytes(Path place) {
    try (Stream<Path> files = Files.walk(place, FileVisitOption.FOLLOW_LINKS)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }
}
