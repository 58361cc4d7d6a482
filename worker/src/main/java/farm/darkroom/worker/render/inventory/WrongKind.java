package farm.darkroom.worker.render.inventory;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.singlefile.ControlNetFile;
import farm.darkroom.sdxl.singlefile.SingleFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** Explains what is found where a job's model, VAE or ControlNet should be. */
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

  /** Why it is no VAE. */
  public String asVae() {
    return Files.isDirectory(place)
        ? place + " is no VAE; a folder with config.json is expected"
        : refusal(() -> SingleFile.vae(place));
  }

  /** Why it is no ControlNet. */
  public String asControlNet() {
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
