package farm.darkroom.sdxl.vision;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.ConfigReader;
import farm.darkroom.sdxl.text.HiddenActivation;

/**
 * transformers' CLIPVisionConfig; what a config.json leaves out has transformers' defaults.
 *
 * @param projectionDim width of {@code image_embeds}
 * @param imageSize side of the pictures that it takes, in pixels
 * @param patchSize side of the squares that it cuts them into
 */
public record CLIPVisionConfig(
    int hiddenSize,
    int intermediateSize,
    int projectionDim,
    int numHiddenLayers,
    int numAttentionHeads,
    int imageSize,
    int patchSize,
    HiddenActivation hiddenAct,
    double layerNormEps) {
  private static final int RGB = 3;
  private static final int MOST_PIXELS = 1024;

  /**
   * Reads a config.json.
   *
   * @throws farm.darkroom.sdxl.SdxlException naming the key, found and expected
   */
  public static CLIPVisionConfig of(Component component) {
    ConfigReader json = ConfigReader.of(component);
    String activation = json.text("hidden_act").orElse("quick_gelu");
    CLIPVisionConfig config =
        new CLIPVisionConfig(
            json.integer("hidden_size", 768),
            json.integer("intermediate_size", 3072),
            json.integer("projection_dim", 512),
            json.layers("num_hidden_layers", 12),
            json.integer("num_attention_heads", 12),
            json.integer("image_size", 224),
            json.integer("patch_size", 32),
            HiddenActivation.of(activation)
                .orElseThrow(
                    () ->
                        json.refusal("hidden_act", String.join(", ", HiddenActivation.allNames()))),
            json.epsilon("layer_norm_eps", 1e-5));
    if (json.integer("num_channels", RGB) != RGB) {
      throw json.refusal("num_channels", "3, since pictures are RGB");
    }
    if (config.hiddenSize % config.numAttentionHeads != 0) {
      throw json.refusal(
          "hidden_size", "a multiple of num_attention_heads " + config.numAttentionHeads);
    }
    if (config.imageSize > MOST_PIXELS) {
      throw json.refusal("image_size", "at most " + MOST_PIXELS);
    }
    if (config.patchSize > config.imageSize) {
      throw json.refusal("patch_size", "at most image_size " + config.imageSize);
    }
    return config;
  }

  /** Tokens of a picture: the class and the patches. */
  public int positions() {
    int side = imageSize / patchSize;
    return 1 + side * side;
  }
}
