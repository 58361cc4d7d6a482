package farm.darkroom.worker.render.engine;

import java.util.Optional;

/** What tests compute on. */
public final class TestSettings {
  /** One thread of the CPU, in float32. */
  public static final EngineSettings ONE_THREAD =
      EngineSettings.of(
          Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty());

  private TestSettings() {}
}
