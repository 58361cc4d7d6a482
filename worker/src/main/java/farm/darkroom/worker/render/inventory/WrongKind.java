package farm.darkroom.worker.render.inventory;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.singlefile.ControlNetFile;
import farm.darkroom.sdxl.singlefile.SingleFile;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Explains what is found where a job's model, VAE, ControlNet or adapter should be. */
public record WrongKind(Path place) {

  public WrongKind {
    requireNonNull(place, "place");
  }

  /** Why it is no model, with what is expected. */
  public String asModel() {
    return Files.isDirectory(place)
        ? place + " is no model; a folder with model_index.json is expected"
        : refusal(
            () -> SingleFile.open(place, (tokenizer, words) -> place.resolveSibling(tokenizer)));
  }

  /**
   * Why it is no such component.
   *
   * @param component {@code vae}, {@code controlnet}, {@code t2i_adapter} or {@code ip_adapter}
   */
  public String as(String component) {
    return switch (component) {
      case Component.VAE -> asVae();
      case Component.T2I_ADAPTER ->
          place + " is no T2I-Adapter; a folder with config.json and weights is expected";
      case Component.IP_ADAPTER -> asIpAdapter();
      default -> asControlNet();
    };
  }

  private String asIpAdapter() {
    return Files.isDirectory(place)
        ? place + " is no IP-Adapter; a safetensors file is expected"
        : refusal(() -> IpAdapterFile.open(place));
  }

  private String asVae() {
    return Files.isDirectory(place)
        ? place + " is no VAE; a folder with config.json is expected"
        : refusal(() -> SingleFile.vae(place));
  }

  private String asControlNet() {
    return Files.isDirectory(place)
        ? place + " is no ControlNet; a folder with config.json and weights is expected"
        : refusal(() -> ControlNetFile.open(place));
  }

  private String refusal(Runnable opening) {
    try {
      opening.run();
      return place + " is no safetensors file by its name; NAME.safetensors is expected";
    } catch (SdxlException e) {
      return e.getMessage();
    }
  }
}
