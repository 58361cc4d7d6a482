package farm.darkroom.sdxl.text;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.sdxl.SdxlException;
import java.nio.file.Path;

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
  private static final int MOST = 10_000_000;
  private static final int MOST_LAYERS = 1000;

  /**
   * Reads a config.json.
   *
   * @param file for messages
   * @throws SdxlException naming file, key, what was found and what is supported
   */
  public static CLIPTextConfig of(JsonNode config, Path file) {
    String activation = config.path("hidden_act").asText("quick_gelu");
    if (HiddenActivation.of(activation).isEmpty()) {
      String known = String.join(", ", HiddenActivation.allNames());
      throw new SdxlException(file + ": hidden_act \"" + activation + "\"; supported: " + known);
    }
    CLIPTextConfig read =
        new CLIPTextConfig(
            count(config, "vocab_size", 49408, file),
            count(config, "hidden_size", 512, file),
            count(config, "intermediate_size", 2048, file),
            count(config, "num_hidden_layers", 12, file, MOST_LAYERS),
            count(config, "num_attention_heads", 8, file),
            count(config, "max_position_embeddings", 77, file),
            activation,
            small(config, "layer_norm_eps", 1e-5, file),
            config.path("eos_token_id").asLong(49407),
            count(config, "projection_dim", 512, file));
    if (read.hiddenSize % read.numAttentionHeads != 0) {
      throw new SdxlException(
          file
              + ": hidden_size "
              + read.hiddenSize
              + " is no multiple of num_attention_heads "
              + read.numAttentionHeads);
    }
    return read;
  }

  private static double small(JsonNode config, String key, double absent, Path file) {
    JsonNode value = config.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    if (!value.isNumber() || value.asDouble() < 0 || value.asDouble() > 1) {
      throw new SdxlException(
          "%s: %s %s; a number from 0 to 1 is expected".formatted(file, key, value));
    }
    return value.asDouble();
  }

  private static int count(JsonNode config, String key, int absent, Path file) {
    return count(config, key, absent, file, MOST);
  }

  private static int count(JsonNode config, String key, int absent, Path file, int most) {
    JsonNode value = config.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return absent;
    }
    boolean number = value.canConvertToInt() && value.isIntegralNumber();
    if (!number || value.asInt() < 1 || value.asInt() > most) {
      throw new SdxlException(
          "%s: %s %s; a whole number from 1 to %d is expected".formatted(file, key, value, most));
    }
    return value.asInt();
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
