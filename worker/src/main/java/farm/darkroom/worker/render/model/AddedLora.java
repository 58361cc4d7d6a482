package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.sdxl.lora.LoraNetwork;
import farm.darkroom.sdxl.lora.LoraSet;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.worker.render.engine.EngineFailures;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A LoRA network that a job adds, resolved to a file.
 *
 * @param weight of the network
 */
record AddedLora(AddedFile file, double weight) {
  AddedLora {
    requireNonNull(file, "file");
  }

  /**
   * Networks, mapped and held against the model that they are for.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB when one does not fit it
   */
  static LoraSet open(List<AddedLora> loras, Snapshot snapshot) {
    if (loras.isEmpty()) {
      return LoraSet.none();
    }
    List<Component> components =
        Stream.concat(Stream.of(Component.UNET), Component.TEXT_ENCODERS.stream())
            .map(snapshot::find)
            .flatMap(Optional::stream)
            .toList();
    List<LoraNetwork> files =
        loras.stream().map(own -> new LoraNetwork(own.file().file(), own.weight())).toList();
    return EngineFailures.during(
        FailureKind.INVALID_JOB, "loras", () -> LoraSet.open(files, components));
  }
}
