package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.pipeline.T2iAdapter;
import farm.darkroom.sdxl.snapshot.Component;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * How T2I-Adapters are opened.
 *
 * @param engine gives the engine for an adapter that is opened now
 */
record T2iAdapterKind(Supplier<Engine> engine) implements AddedModels.Kind<T2iAdapter> {
  T2iAdapterKind {
    requireNonNull(engine, "engine");
  }

  @Override
  public String label() {
    return Component.T2I_ADAPTER;
  }

  @Override
  public AddedModels.Loaded<T2iAdapter> load(Path place) {
    Component component = T2iAdapter.component(place);
    return new AddedModels.Loaded<>(T2iAdapter.open(component, engine.get()), List.of(component));
  }
}
