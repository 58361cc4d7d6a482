package farm.darkroom.sdxl.lora;

import java.util.Map;
import java.util.Optional;

/**
 * The names that kohya's sd-scripts write: {@code lora_unet_PATH.lora_down.weight}, {@code
 * lora_te1_PATH.lora_up.weight}, {@code lora_te2_PATH.alpha}, where PATH has underscores for dots.
 */
final class KohyaNaming {
  private static final Map<String, String> COMPONENTS =
      Map.of(
          "lora_unet_", LayerName.UNET,
          "lora_te_", "text_encoder",
          "lora_te1_", "text_encoder",
          "lora_te2_", "text_encoder_2");
  private static final Map<String, Part> PARTS =
      Map.of("lora_down.weight", Part.DOWN, "lora_up.weight", Part.UP, "alpha", Part.ALPHA);

  private final LdmBlocks blocks;

  KohyaNaming(LdmBlocks blocks) {
    this.blocks = blocks;
  }

  /** What the tensor is; empty when the name is no such name. */
  Optional<PartName> read(String tensor) {
    int dot = tensor.indexOf('.');
    if (dot < 0 || !PARTS.containsKey(tensor.substring(dot + 1))) {
      return Optional.empty();
    }
    Part part = PARTS.get(tensor.substring(dot + 1));
    String name = tensor.substring(0, dot);
    return COMPONENTS.entrySet().stream()
        .filter(entry -> name.startsWith(entry.getKey()))
        .findFirst()
        .map(entry -> layer(entry.getValue(), name.substring(entry.getKey().length())))
        .map(layer -> new PartName(layer, part, true));
  }

  private LayerName layer(String component, String path) {
    return LayerName.of(
        component, component.equals(LayerName.UNET) ? blocks.diffusers(path) : path);
  }
}
