package farm.darkroom.sdxl.lora;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * A LoRA network to be merged into a model.
 *
 * @param file safetensors
 * @param weight of the whole network: 1 is as trained, negative takes it away (diffusers: {@code
 *     set_adapters})
 */
public record LoraNetwork(Path file, double weight) {
  public LoraNetwork {
    requireNonNull(file, "file");
  }
}
