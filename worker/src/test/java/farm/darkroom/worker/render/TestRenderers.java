package farm.darkroom.worker.render;

import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.inventory.TestFolders;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** Renderers on one thread of the CPU that know the demo models and look into no hub cache. */
final class TestRenderers {

  private TestRenderers() {}

  /** One that knows the demo models alone. */
  static SdxlRenderer demo(EngineSettings settings) {
    return of(settings, TestFolders.demo(), new LocalInputs());
  }

  /** One that knows the models of a folder too. */
  static SdxlRenderer with(Path models) {
    return of(TestSettings.ONE_THREAD, TestFolders.with(models), new LocalInputs());
  }

  static SdxlRenderer of(EngineSettings settings, ModelFolders folders, Inputs inputs) {
    return new SdxlRenderer(
        settings, folders, inputs, Clock.systemUTC(), System::nanoTime, Optional.empty());
  }
}
