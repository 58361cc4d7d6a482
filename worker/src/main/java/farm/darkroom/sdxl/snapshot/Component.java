package farm.darkroom.sdxl.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.weights.Checkpoint;
import java.nio.file.Path;
import java.util.List;

/**
 * A component of a snapshot that has weights.
 *
 * @param name its folder in the snapshot
 * @param configFile where the config is from, for messages
 * @param config the content of its config.json
 */
public record Component(String name, Path configFile, JsonNode config, Checkpoint checkpoint) {
  public static final String UNET = "unet";
  public static final String VAE = "vae";
  public static final String CONTROLNET = "controlnet";
  public static final String T2I_ADAPTER = "t2i_adapter";
  public static final String IP_ADAPTER = "ip_adapter";

  /** In the order of their features; a refiner has the second one alone. */
  public static final List<String> TEXT_ENCODERS = List.of("text_encoder", "text_encoder_2");

  /** Opens a component's folder; weights are mapped, nothing is read yet. */
  public static Component open(String name, Path folder) {
    Path file = folder.resolve("config.json");
    JsonNode config = JsonFile.config(file);
    return new Component(name, file, config, Checkpoint.open(name, WeightFiles.find(folder)));
  }
}
