package farm.darkroom.worker.render;

import farm.darkroom.worker.hub.HubCache;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Renderers on one thread of the CPU that know the demo models and look into no hub cache. */
final class TestRenderers {
  static final EngineSettings ONE_THREAD =
      EngineSettings.of(
          Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty());
  private static final Optional<Path> HOME = Optional.of(Path.of(".."));

  private TestRenderers() {}

  /** One that knows the demo models alone. */
  static SdxlRenderer demo(EngineSettings settings) {
    return of(settings, folders(Optional.empty()), new LocalInputs());
  }

  /** One that knows the models of a folder too. */
  static SdxlRenderer with(Path models) {
    return of(ONE_THREAD, folders(Optional.of(models)), new LocalInputs());
  }

  static SdxlRenderer of(EngineSettings settings, ModelFolders folders, Inputs inputs) {
    return new SdxlRenderer(settings, folders, inputs, Clock.systemUTC(), System::nanoTime);
  }

  /** The demo models and those of a folder. */
  static ModelFolders folders(Optional<Path> models) {
    return folders(models, HOME);
  }

  /**
   * @param home where the demo models lie
   */
  static ModelFolders folders(Optional<Path> models, Optional<Path> home) {
    return new ModelFolders(models, home, new HubCache(Path.of("no-hub")));
  }
}
