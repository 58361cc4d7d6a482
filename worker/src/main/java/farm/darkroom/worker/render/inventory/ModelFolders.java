package farm.darkroom.worker.render.inventory;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.worker.hub.Folders;
import farm.darkroom.worker.hub.HubCache;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The models of this machine, each in the first of its {@link ModelSearchPath} where there is one.
 * Thread-safe.
 */
public final class ModelFolders {
  private static final String INDEX = "model_index.json";
  private static final String CONFIG = "config.json";
  private final ModelSearchPath places;
  private final SingleFiles singleFiles = new SingleFiles();

  /**
   * @param models the folder that {@code --models} names
   * @param home where darkroom is installed, for the bundled models
   */
  ModelFolders(Optional<Path> models, Optional<Path> home, HubCache hub) {
    this.places = new ModelSearchPath(models, home, hub);
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

  /**
   * The folder of the snapshot, or the file, that a job calls {@code model}; empty when it is not
   * here.
   */
  public Optional<Path> find(String model) {
    return places
        .of(model)
        .flatMap(place -> Stream.of(place, Path.of(place + SingleFiles.SUFFIX)))
        .filter(this::isModel)
        .findFirst();
  }

  /**
   * What has that name but is no model, such as an empty folder or a LoRA; empty when nothing has
   * it.
   */
  public Optional<WrongKind> mistaken(String model) {
    return places
        .of(model)
        .flatMap(place -> Stream.of(place, Path.of(place + SingleFiles.SUFFIX)))
        .filter(place -> Files.isDirectory(place) || Files.isRegularFile(place))
        .findFirst()
        .map(WrongKind::new);
  }

  private boolean isModel(Path place) {
    return isSnapshot(place) || singleFiles.isModel(place);
  }

  /** The folder or file that is one component and that a job calls {@code name}: a VAE, say. */
  Optional<Path> component(String name) {
    return places.of(name).filter(this::isComponent).findFirst();
  }

  /**
   * The folder or file of a component that a job calls {@code name}, such as a VAE of the user's
   * own: that folder itself, or the component in a snapshot.
   *
   * @param component its folder in snapshots
   */
  public Optional<Path> find(String name, String component) {
    return places
        .of(name)
        .flatMap(
            place ->
                Stream.of(place, place.resolve(component), Path.of(place + SingleFiles.SUFFIX)))
        .filter(place -> is(component, place))
        .findFirst();
  }

  private boolean is(String component, Path place) {
    boolean folder = Files.isRegularFile(place.resolve(CONFIG));
    return switch (component) {
      case Component.VAE -> folder || singleFiles.hasVae(place);
      case Component.CONTROLNET -> folder || singleFiles.isControlNet(place);
      case Component.IP_ADAPTER -> singleFiles.isIpAdapter(place);
      default -> folder;
    };
  }

  /**
   * A file of weights that a job adds to its model: a path; a file under {@code --models}, also
   * without {@code .safetensors}, or in the folder of its kind there; the usual file of a folder or
   * of a hub id, of a LoRA also the only one; at last a file of the working directory.
   */
  public Optional<Path> find(String name, FileKind kind) {
    List<Path> candidates =
        Stream.concat(places.of(name), Stream.of(Path.of(name)))
            .flatMap(place -> Stream.of(place, places.ofKind(place, name, kind)))
            .toList();
    Stream<Path> named =
        candidates.stream()
            .flatMap(
                place ->
                    Stream.of(
                        place,
                        place.resolveSibling(place.getFileName() + SingleFiles.SUFFIX),
                        place.resolve(kind.defaultFileName())));
    Stream<Path> guessed =
        candidates.stream().filter(place -> kind == FileKind.LORA).map(ModelFolders::onlyWeights);
    return Stream.concat(named, guessed).filter(Files::isRegularFile).findFirst();
  }

  /** The one safetensors file of a folder, as diffusers guesses it; else the folder. */
  private static Path onlyWeights(Path folder) {
    List<Path> files = Folders.filesIn(folder).stream().filter(SingleFiles::isSafetensors).toList();
    return files.size() == 1 ? files.get(0) : folder;
  }

  /** The names of all models that are here, sorted. */
  public List<String> names() {
    TreeSet<String> names = new TreeSet<>();
    places.models().ifPresent(folder -> names.addAll(namesIn(folder)));
    Stream.concat(ModelSearchPath.bundledNames().stream(), places.hub().names().stream())
        .filter(name -> find(name).isPresent())
        .forEach(names::add);
    return List.copyOf(names);
  }

  /** The folders and files that are one component each, by the names in jobs. */
  SortedMap<String, Path> components() {
    SortedMap<String, Path> components = new TreeMap<>();
    Stream<String> named =
        places.models().stream()
            .flatMap(folder -> children(folder).map(path -> name(folder.relativize(path))));
    Stream.concat(named, places.hub().names().stream())
        .forEach(name -> component(name).ifPresent(place -> components.put(name, place)));
    return components;
  }

  /** The safetensors files under {@code --models} that are no models, by the names in jobs. */
  SortedMap<String, Path> files() {
    SortedMap<String, Path> files = new TreeMap<>();
    places
        .models()
        .ifPresent(
            folder ->
                children(folder)
                    .filter(path -> Files.isRegularFile(path) && SingleFiles.isSafetensors(path))
                    .filter(path -> !isModel(path) && !isComponent(path))
                    .forEach(path -> files.put(name(folder.relativize(path)), path)));
    return files;
  }

  /** Opens what {@link #find(String)} found. */
  public Snapshots snapshots() {
    return new Snapshots(
        () ->
            names().stream()
                .flatMap(name -> find(name).stream())
                .filter(Files::isDirectory)
                .toList());
  }

  /** Names such as {@code demo}, {@code org/name}, and of files {@code org/name/file}. */
  private List<String> namesIn(Path folder) {
    return children(folder)
        .filter(this::isModel)
        .map(path -> name(folder.relativize(path)))
        .toList();
  }

  /**
   * What is in the folder, and in its folders that are no models themselves; of theirs the files.
   */
  private Stream<Path> children(Path folder) {
    List<Path> below = plain(folder);
    return Stream.of(
            entries(folder),
            below.stream().flatMap(ModelFolders::entries),
            below.stream()
                .flatMap(child -> plain(child).stream())
                .flatMap(child -> Folders.filesIn(child).stream()))
        .flatMap(paths -> paths);
  }

  private List<Path> plain(Path folder) {
    return Folders.in(folder).stream()
        .filter(child -> !child.getFileName().toString().startsWith("."))
        .filter(child -> !isSnapshot(child) && !isComponent(child))
        .toList();
  }

  private static Stream<Path> entries(Path folder) {
    return Stream.concat(Folders.in(folder).stream(), Folders.filesIn(folder).stream());
  }

  private static String name(Path relative) {
    return relative.toString().replace('\\', '/');
  }

  /** Whether a folder or a file is one component and no whole model. */
  boolean isComponent(Path place) {
    return Files.isRegularFile(place)
        ? (singleFiles.hasVae(place)
                || singleFiles.isControlNet(place)
                || singleFiles.isIpAdapter(place))
            && !singleFiles.isModel(place)
        : !isSnapshot(place) && Files.isRegularFile(place.resolve(CONFIG));
  }

  private static boolean isSnapshot(Path folder) {
    return Files.isRegularFile(folder.resolve(INDEX));
  }
}
