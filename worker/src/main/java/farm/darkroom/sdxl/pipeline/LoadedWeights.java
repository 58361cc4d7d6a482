package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.lora.LoraSet;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.weights.Checkpoint;
import farm.darkroom.sdxl.weights.NonFiniteWeights;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.WeightPatch;
import farm.darkroom.sdxl.weights.Weights;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The weights of a pipeline's components, opened under its residency and closed together. */
final class LoadedWeights implements AutoCloseable {
  private final Engine engine;
  private final LoraSet loras;
  private final List<Weights> open = new ArrayList<>();
  private final Set<Checkpoint> checkpoints = new LinkedHashSet<>();
  private final List<String> warnings = new ArrayList<>();
  private boolean searched;
  private Optional<String> nonFiniteWeight = Optional.empty();

  LoadedWeights(Engine engine, LoraSet loras) {
    this.engine = engine;
    this.loras = loras;
  }

  /** Opens a component's weights with its networks merged into them; none is read yet. */
  Weights open(Component component, Precision precision) {
    WeightPatch patch = loras.patch(component.name(), engine.kernels());
    WeightLoader loader =
        new WeightLoader(component.checkpoint(), engine.kernels(), precision, patch);
    Weights weights = engine.residency().weights(loader);
    open.add(weights);
    checkpoints.add(component.checkpoint());
    return weights;
  }

  /**
   * Checks a component's file against the model.
   *
   * @throws farm.darkroom.sdxl.SdxlException naming file, tensor, found and expected
   */
  void check(Component component, List<WeightGroup> groups) {
    WeightCheck.check(component.checkpoint(), groups);
    WeightCheck.warning(component.checkpoint(), groups).ifPresent(warnings::add);
  }

  /** The first NaN or infinite weight of a component or a network; reads all of them once. */
  synchronized Optional<String> nonFiniteWeight() {
    if (!searched) {
      nonFiniteWeight = firstNonFiniteWeight();
      searched = true;
    }
    return nonFiniteWeight;
  }

  private Optional<String> firstNonFiniteWeight() {
    return Stream.concat(
            loras.files().stream().flatMap(LoadedWeights::network), checkpoints.stream())
        .flatMap(checkpoint -> NonFiniteWeights.firstOf(checkpoint).stream())
        .findFirst();
  }

  /** Empty if the file has been deleted since: what was merged from it can no longer be checked. */
  private static Stream<Checkpoint> network(Path file) {
    try {
      return Stream.of(Checkpoint.open("LoRA", List.of(file)));
    } catch (SdxlException e) {
      return Stream.empty();
    }
  }

  /** Warnings about the files that were checked. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Ends a stage: under {@code model} residency, its weights are freed. */
  void endStage() {
    switch (engine.residency()) {
      case MODEL -> {
        open.forEach(Weights::evict);
        engine.kernels().giveBack();
      }
      case RESIDENT, SEQUENTIAL -> {}
    }
  }

  @Override
  public void close() {
    open.forEach(Weights::close);
    if (engine.kernels().onGpu()) {
      engine.kernels().giveBack();
    }
  }
}
