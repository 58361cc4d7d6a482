package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.RenderPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models that jobs may name here: found in folders, opened when asked for, put aside when they
 * turn out broken. {@link #open} and {@link #use} are for one thread, the rest is for all.
 */
final class Models implements AutoCloseable {
  private static final String VAE = "vae";
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

  /** Why the job cannot be rendered here, as far as is known; empty when it can. */
  Optional<String> lack(RenderJob job) {
    Stream<String> refiner = job.refiner().map(RefinerChoice::model).stream();
    return Stream.concat(Stream.of(job.model()), refiner)
        .map(this::lack)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> job.additions().vae().flatMap(this::lackVae));
  }

  private Optional<String> lackVae(String name) {
    return vaeOf(name).isEmpty() ? Optional.of(noVae(name)) : unusable("vae", name);
  }

  private Optional<String> unusable(String what, String name) {
    return quarantine
        .why(name)
        .map(why -> "%s %s cannot be used here: %s".formatted(what, name, why));
  }

  private Optional<Path> vaeOf(String name) {
    return folders.find(name, VAE);
  }

  private static String noVae(String name) {
    return "vae %s is not installed here; it is a folder with config.json and weights, or a model"
        .formatted(name);
  }

  /** Why {@code model} cannot be used here; empty when it can. */
  Optional<String> lack(String model) {
    if (folders.find(model).isEmpty()) {
      String installed = names().isEmpty() ? "none" : String.join(", ", names());
      return Optional.of(
          "model %s is not installed here; installed: %s".formatted(model, installed));
    }
    return unusable("model", model);
  }

  /** What is opened from now on is opened so. */
  void use(RenderPlan plan) {
    pipelines.use(plan);
  }

  /** Closes models that the job does not use, where they hold more than {@code room} bytes. */
  void makeRoom(RenderJob job, long room) {
    Set<Path> wanted =
        Stream.concat(Stream.of(job.model()), job.refiner().map(RefinerChoice::model).stream())
            .map(folders::find)
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    pipelines.makeRoom(wanted, room);
  }

  /** As {@link #open(String, Optional)}, with its own VAE. */
  LoadedModel open(String model) {
    return open(model, Optional.empty());
  }

  /**
   * The model, open.
   *
   * @param vae of the user's own; empty for the model's
   * @throws FarmException WORKER_UNFIT when it is not here, or broken
   */
  LoadedModel open(String model, Optional<String> vae) {
    Path folder =
        folders
            .find(model)
            .orElseThrow(
                () -> new FarmException(FailureKind.WORKER_UNFIT, lack(model).orElseThrow()));
    try {
      return pipelines.get(model, folder, vae.map(name -> new OwnVae(name, vaeFolder(name))));
    } catch (FarmException e) {
      if (e.kind() == FailureKind.WORKER_UNFIT) {
        putAside(vae.orElse(model), e.getMessage());
      }
      throw e;
    }
  }

  private Path vaeFolder(String name) {
    return vaeOf(name).orElseThrow(() -> new FarmException(FailureKind.WORKER_UNFIT, noVae(name)));
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
