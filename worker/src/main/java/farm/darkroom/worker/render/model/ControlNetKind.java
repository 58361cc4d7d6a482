package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.snapshot.Component;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * How ControlNets are opened.
 *
 * @param engine gives the engine for a network that is opened now
 */
record ControlNetKind(Supplier<Engine> engine) implements AddedModels.Kind<ControlNet> {
  ControlNetKind {
    requireNonNull(engine, "engine");
  }

  @Override
  public String label() {
    return Component.CONTROLNET;
  }

  @Override
  public AddedModels.Loaded<ControlNet> load(Path place) {
    Component component = ControlNet.component(place);
    return new AddedModels.Loaded<>(ControlNet.open(component, engine.get()), List.of(component));
  }
}
