package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.hub.Folders;
import farm.darkroom.worker.hub.HubCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The models of this machine. A name in a job is, in this order: a path where it begins with /, ./
 * or ../; a folder under {@code --models}; a bundled model; a hub id in the Hugging Face cache,
 * with {@code @revision} if one is asked for. Thread-safe.
 */
public final class ModelFolders {
  private static final String INDEX = "model_index.json";
  private static final String CONFIG = "config.json";
  private static final String SUFFIX = ".safetensors";
  private static final Map<String, String> BUNDLED =
      Map.of("demo", "worker/demo-model/base", "demo-refiner", "worker/demo-model/refiner");

  private final Optional<Path> models;
  private final Optional<Path> home;
  private final HubCache hub;

  /**
   * @param models the folder that {@code --models} names
   * @param home where darkroom is installed, for the bundled models
   */
  ModelFolders(Optional<Path> models, Optional<Path> home, HubCache hub) {
    this.models = requireNonNull(models, "models");
    this.home = requireNonNull(home, "home");
    this.hub = requireNonNull(hub, "hub");
  }

  /**
   * The folders of this process: the installation is where the system property {@code
   * darkroom.home} says.
   */
  public static ModelFolders ofThisMachine(Optional<Path> models) {
    return new ModelFolders(
        models,
        Optional.ofNullable(System.getProperty("darkroom.home")).map(Path::of),
        HubCache.of(System.getenv(), Path.of(System.getProperty("user.home"))));
  }

  /** The folder of the snapshot that a job calls {@code model}; empty when it is not here. */
  public Optional<Path> find(String model) {
    return places(model).filter(ModelFolders::isSnapshot).findFirst();
  }

  /**
   * The folder of a component that a job calls {@code name}, such as a VAE of the user's own: that
   * folder itself, or the component in a snapshot.
   *
   * @param component its folder in snapshots
   */
  public Optional<Path> find(String name, String component) {
    return places(name)
        .flatMap(place -> Stream.of(place, place.resolve(component)))
        .filter(folder -> Files.isRegularFile(folder.resolve(CONFIG)))
        .findFirst();
  }

  /**
   * A file of weights that a job adds to its model: a path; a file under {@code --models}, also
   * without {@code .safetensors}, or in the folder of its kind there; or the usual file of a folder
   * or of a hub id.
   */
  Optional<Path> find(String name, FileKind kind) {
    return places(name)
        .flatMap(place -> Stream.of(place, ofKind(place, name, kind)))
        .flatMap(
            place ->
                Stream.of(
                    place,
                    place.resolveSibling(place.getFileName() + SUFFIX),
                    place.resolve(kind.usual())))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private Path ofKind(Path place, String name, FileKind kind) {
    return models
        .map(Path::normalize)
        .filter(place::startsWith)
        .map(folder -> folder.resolve(kind.folder()).resolve(name))
        .orElse(place);
  }

  /** The names of all models that are here, sorted. */
  public List<String> names() {
    TreeSet<String> names = new TreeSet<>();
    models.ifPresent(folder -> names.addAll(namesIn(folder)));
    BUNDLED.keySet().stream().filter(name -> find(name).isPresent()).forEach(names::add);
    hub.ids().stream().filter(id -> find(id).isPresent()).forEach(names::add);
    return List.copyOf(names);
  }

  /** Where to look, first things first; nothing needs to be there. */
  private Stream<Path> places(String name) {
    if (name.startsWith("/") || name.startsWith("./") || name.startsWith("../")) {
      return Stream.of(Path.of(name));
    }
    return Stream.of(named(name), bundled(name), cached(name)).flatMap(Optional::stream);
  }

  private Optional<Path> named(String model) {
    return models
        .map(folder -> folder.resolve(model).normalize())
        .filter(path -> path.startsWith(models.orElseThrow().normalize()));
  }

  private Optional<Path> bundled(String model) {
    return home.flatMap(folder -> Optional.ofNullable(BUNDLED.get(model)).map(folder::resolve));
  }

  private Optional<Path> cached(String model) {
    int at = model.indexOf('@');
    String id = at < 0 ? model : model.substring(0, at);
    Optional<String> revision = at < 0 ? Optional.empty() : Optional.of(model.substring(at + 1));
    return hub.find(id, revision);
  }

  /** Names such as {@code demo}, and {@code org/name} one level down. */
  private static List<String> namesIn(Path folder) {
    List<String> names = new ArrayList<>();
    for (Path child : Folders.in(folder)) {
      if (isSnapshot(child)) {
        names.add(child.getFileName().toString());
      } else {
        Folders.in(child).stream()
            .filter(ModelFolders::isSnapshot)
            .map(grandchild -> folder.relativize(grandchild).toString().replace('\\', '/'))
            .forEach(names::add);
      }
    }
    return names;
  }

  private static boolean isSnapshot(Path folder) {
    return Files.isRegularFile(folder.resolve(INDEX));
  }
}
