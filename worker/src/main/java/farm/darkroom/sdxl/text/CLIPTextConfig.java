package farm.darkroom.sdxl.text;

import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.ConfigReader;

/**
 * transformers' CLIPTextConfig; what a config.json leaves out has transformers' defaults.
 *
 * @param numHiddenLayers transformer blocks
 * @param maxPositionEmbeddings tokens of a prompt at most, begin and end among them
 * @param eosTokenId where the pooled output is taken; 2 is the legacy rule (the highest id)
 * @param projectionDim width of the pooled output of a model with projection
 */
public record CLIPTextConfig(
    int vocabSize,
    int hiddenSize,
    int intermediateSize,
    int numHiddenLayers,
    int numAttentionHeads,
    int maxPositionEmbeddings,
    String hiddenAct,
    double layerNormEps,
    long eosTokenId,
    int projectionDim) {

  /** Reads a config.json; what is not supported is refused with one line. */
  public static CLIPTextConfig of(Component component) {
    return of(ConfigReader.of(component));
  }

  static CLIPTextConfig of(ConfigReader json) {
    CLIPTextConfig config =
        new CLIPTextConfig(
            json.integer("vocab_size", 49408),
            json.integer("hidden_size", 512),
            json.integer("intermediate_size", 2048),
            json.layers("num_hidden_layers", 12),
            json.integer("num_attention_heads", 8),
            json.integer("max_position_embeddings", 77),
            json.text("hidden_act").orElse("quick_gelu"),
            json.epsilon("layer_norm_eps", 1e-5),
            json.id("eos_token_id", 49407),
            json.integer("projection_dim", 512));
    if (HiddenActivation.of(config.hiddenAct).isEmpty()) {
      throw json.refusal("hidden_act", String.join(", ", HiddenActivation.allNames()));
    }
    if (config.hiddenSize % config.numAttentionHeads != 0) {
      throw json.refusal(
          "hidden_size", "a multiple of num_attention_heads " + config.numAttentionHeads);
    }
    return config;
  }

  /** Whether the pooled output is taken at a tokenizer's end token. */
  boolean endsWith(long eos) {
    return legacyEos() || eosTokenId == eos;
  }

  /** Configs from before transformers 4.31 say 2, whatever the end token is. */
  boolean legacyEos() {
    return eosTokenId == 2;
  }

  HiddenActivation activation() {
    return HiddenActivation.of(hiddenAct).orElseThrow();
  }
}
