package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.pipeline.IpAdapter;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * How IP-Adapters are opened, each with its image encoder.
 *
 * @param engine gives the engine for an adapter that is opened now
 */
record IpAdapterKind(Supplier<Engine> engine) implements AddedModels.Kind<IpAdapter> {
  IpAdapterKind {
    requireNonNull(engine, "engine");
  }

  @Override
  public String label() {
    return Component.IP_ADAPTER;
  }

  @Override
  public Stream<Path> places(Path place) {
    return Stream.concat(Stream.of(place), IpAdapterFile.encoderPlaces(place));
  }

  @Override
  public AddedModels.Loaded<IpAdapter> load(Path place) {
    IpAdapterFile file = IpAdapterFile.open(place);
    return new AddedModels.Loaded<>(
        IpAdapter.open(file, engine.get()), List.of(file.adapter(), file.encoder()));
  }
}
