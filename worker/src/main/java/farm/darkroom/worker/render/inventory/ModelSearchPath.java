package farm.darkroom.worker.render.inventory;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.hub.HubCache;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where a name in a job may lead. It is, in this order: a path where it begins with /, ./ or ../; a
 * folder under {@code --models}, or a safetensors file there, with or without its ending; a bundled
 * model; a hub id in the Hugging Face cache, with {@code @revision} if one is asked for, or a file
 * of it, {@code org/name/folder/file}.
 *
 * @param models the folder that {@code --models} names
 * @param home where darkroom is installed, for the bundled models
 */
record ModelSearchPath(Optional<Path> models, Optional<Path> home, HubCache hub) {
  private static final Map<String, String> BUNDLED =
      Map.of("demo", "worker/demo-model/base", "demo-refiner", "worker/demo-model/refiner");

  private static final Pattern FILE = Pattern.compile("([^/]+/[^/]+)/(.+)");

  ModelSearchPath {
    models = models.map(ModelSearchPath::rooted);
    requireNonNull(home, "home");
    requireNonNull(hub, "hub");
  }

  /** A folder that relative names can be resolved against; {@code .} has no name of its own. */
  private static Path rooted(Path folder) {
    Path plain = folder.normalize();
    return plain.toString().isEmpty() ? plain.toAbsolutePath() : plain;
  }

  /** The names of the models that come with darkroom. */
  static Set<String> bundledNames() {
    return BUNDLED.keySet();
  }

  /** The places to look in, in order; none of them needs to exist. */
  Stream<Path> of(String name) {
    if (name.startsWith("/") || name.startsWith("./") || name.startsWith("../")) {
      return Stream.of(Path.of(name));
    }
    return Stream.of(named(name), bundled(name), cached(name)).flatMap(Optional::stream);
  }

  private Optional<Path> named(String model) {
    return models.flatMap(folder -> below(folder, model));
  }

  private Optional<Path> bundled(String model) {
    return home.flatMap(folder -> Optional.ofNullable(BUNDLED.get(model)).map(folder::resolve));
  }

  private Optional<Path> cached(String model) {
    int at = model.indexOf('@');
    String id = at < 0 ? model : model.substring(0, at);
    Optional<String> revision = at < 0 ? Optional.empty() : Optional.of(model.substring(at + 1));
    Matcher file = FILE.matcher(id);
    return file.matches()
        ? hub.find(file.group(1), revision).flatMap(snapshot -> below(snapshot, file.group(2)))
        : hub.find(id, revision);
  }

  private static Optional<Path> below(Path folder, String name) {
    return Optional.of(folder.resolve(name).normalize()).filter(path -> path.startsWith(folder));
  }

  /** A place under {@code --models} in the folder of its kind there; another stays as it is. */
  Path ofKind(Path place, String name, FileKind kind) {
    return models
        .filter(place::startsWith)
        .map(folder -> folder.resolve(kind.folder()).resolve(name))
        .orElse(place);
  }
}
