package farm.darkroom.sdxl.lora;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.snapshot.Component;

/**
 * A layer of a model.
 *
 * @param component its folder in snapshots, such as {@code unet}
 * @param path of the layer with underscores for dots, such as {@code
 *     mid_block_attentions_0_proj_in}; in text encoders without {@code text_model}
 */
record LayerName(String component, String path) {
  static final String UNET = Component.UNET;
  private static final String TEXT_MODEL = "text_model_";

  LayerName {
    requireNonNull(component, "component");
    requireNonNull(path, "path");
  }

  /** The layer at {@code path}, with dots or underscores. */
  static LayerName of(String component, String path) {
    String plain = path.replace('.', '_');
    boolean model = !component.equals(UNET) && plain.startsWith(TEXT_MODEL);
    return new LayerName(component, model ? plain.substring(TEXT_MODEL.length()) : plain);
  }
}
