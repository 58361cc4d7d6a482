package farm.darkroom.worker.render.inventory;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.lora.LoraCheck;
import farm.darkroom.sdxl.singlefile.ControlNetFile;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.JsonFile;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.sdxl.unet.ControlNetConfig;
import farm.darkroom.sdxl.unet.T2iAdapterConfig;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import farm.darkroom.worker.render.inventory.InstalledModel.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Determines a model's kind from its index and configs. */
record ModelKinds(Snapshots snapshots) {

  /** The kind of a model: a folder with model_index.json, or a single file. */
  Kind ofModel(Path place) {
    try {
      Snapshot snapshot = snapshots.open(place);
      if (snapshot.flag("requires_aesthetics_score", false)) {
        return Kind.REFINER;
      }
      Component unet = snapshot.component(Component.UNET);
      if (UNetConfig.isInpainting(unet)) {
        return Kind.INPAINTING;
      }
      if (UNetConfig.isEditing(unet)) {
        return Kind.EDITING;
      }
      return UNetConfig.takesLatentsAlone(unet) ? Kind.BASE : Kind.OTHER;
    } catch (SdxlException e) {
      return Kind.OTHER;
    }
  }

  /** The kind of a file that jobs can add to a model; empty for any other file. */
  static Optional<Kind> ofFile(Path file) {
    if (LoraCheck.isOne(file)) {
      return Optional.of(Kind.LORA);
    }
    return TextualInversion.isOne(file) ? Optional.of(Kind.EMBEDDING) : Optional.empty();
  }

  private static Kind ofComponentFile(Path file) {
    if (IpAdapterFile.isOne(file)) {
      return Kind.IP_ADAPTER;
    }
    return ControlNetFile.isOne(file) ? Kind.CONTROLNET : Kind.VAE;
  }

  /** The kind of a folder with config.json alone, or of a file that is one component. */
  static Kind ofComponent(Path place) {
    if (Files.isRegularFile(place)) {
      return ofComponentFile(place);
    }
    try {
      String name = JsonFile.object(place.resolve("config.json")).path("_class_name").asText();
      return switch (name) {
        case "AutoencoderKL", "AutoencoderTiny" -> Kind.VAE;
        case T2iAdapterConfig.CLASS -> Kind.T2I_ADAPTER;
        default -> ControlNetConfig.isOne(name) ? Kind.CONTROLNET : Kind.OTHER;
      };
    } catch (SdxlException e) {
      return Kind.OTHER;
    }
  }
}
