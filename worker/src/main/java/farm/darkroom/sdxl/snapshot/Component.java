package farm.darkroom.sdxl.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.weights.Checkpoint;
import java.nio.file.Path;

/**
 * A component of a snapshot that has weights: {@code unet}, {@code vae}, {@code text_encoder}, ...
 *
 * @param name its folder in the snapshot
 * @param configFile where the config is from, for messages
 * @param config the content of its config.json
 */
public record Component(String name, Path configFile, JsonNode config, Checkpoint checkpoint) {

  /** Opens a component's folder; weights are mapped, nothing is read yet. */
  public static Component open(String name, Path folder) {
    Path file = folder.resolve("config.json");
    JsonNode config = JsonFile.object(file);
    return new Component(name, file, config, Checkpoint.open(name, WeightFiles.find(folder)));
  }
}
