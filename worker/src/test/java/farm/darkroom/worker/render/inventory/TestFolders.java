package farm.darkroom.worker.render.inventory;

import farm.darkroom.worker.hub.HubCache;
import java.nio.file.Path;
import java.util.Optional;

/** Folders that know the demo models and look into no hub cache. */
public final class TestFolders {
  private static final Optional<Path> HOME = Optional.of(Path.of(".."));

  private TestFolders() {}

  /** The demo models alone. */
  public static ModelFolders demo() {
    return of(Optional.empty(), HOME);
  }

  /** The demo models and those of a folder. */
  public static ModelFolders with(Path models) {
    return of(Optional.of(models), HOME);
  }

  /**
   * @param home where the demo models lie
   */
  public static ModelFolders of(Optional<Path> models, Optional<Path> home) {
    return new ModelFolders(models, home, new HubCache(Path.of("no-hub")));
  }
}
