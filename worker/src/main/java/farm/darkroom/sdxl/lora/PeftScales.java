package farm.darkroom.sdxl.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import farm.darkroom.sdxl.SdxlException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Scales from {@code lora_adapter_metadata}, a PEFT LoraConfig for each component: {@code
 * unet.lora_alpha}, {@code unet.alpha_pattern}, {@code unet.use_rslora}.
 *
 * @param alphas by a pattern that a layer's path ends in; the first that fits counts
 * @param square whether the rank counts by its square root (rsLoRA)
 */
record PeftScales(double alpha, Map<Pattern, Double> alphas, boolean square) implements Scales {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double PEFT_ALPHA = 8;
  private static final Pattern QUANTIFIERS = Pattern.compile("[*+?{]");
  private static final Pattern QUANTIFIED_GROUP = Pattern.compile("\\)[*+?{]");
  private static final int MOST_QUANTIFIERS = 2;

  /** The component's; empty where the metadata has nothing of it. */
  static Optional<Scales> of(LoraFile file, String component) {
    return file.adapterMetadata()
        .filter(text -> !text.isBlank())
        .map(text -> config(file, text, component + "."))
        .filter(config -> !config.isEmpty())
        .map(config -> read(file, config));
  }

  private static Map<String, JsonNode> config(LoraFile file, String text, String prefix) {
    Map<String, JsonNode> config = new HashMap<>();
    try {
      JsonNode all = JSON.readTree(text);
      if (all.isNull()) {
        return config;
      }
      if (!all.isObject()) {
        throw new SdxlException(file.path() + ": lora_adapter_metadata is no JSON object");
      }
      all.properties().stream()
          .filter(entry -> entry.getKey().startsWith(prefix))
          .forEach(e -> config.put(e.getKey().substring(prefix.length()), e.getValue()));
      return config;
    } catch (JsonProcessingException e) {
      throw new SdxlException(file.path() + ": lora_adapter_metadata is no JSON", e);
    }
  }

  private static Scales read(LoraFile file, Map<String, JsonNode> config) {
    Map<Pattern, Double> alphas = new LinkedHashMap<>();
    JsonNode patterns = config.get("alpha_pattern");
    if (patterns != null) {
      patterns
          .properties()
          .forEach(
              e -> alphas.put(pattern(file, e.getKey()), number(file, e.getKey(), e.getValue())));
    }
    JsonNode alpha = config.get("lora_alpha");
    JsonNode square = config.get("use_rslora");
    return new PeftScales(
        alpha == null ? PEFT_ALPHA : number(file, "lora_alpha", alpha),
        alphas,
        square != null && square.asBoolean());
  }

  /** A word would count as 0, and the network for nothing. */
  private static double number(LoraFile file, String key, JsonNode found) {
    if (!found.isNumber() || !Double.isFinite(found.doubleValue())) {
      throw new SdxlException(
          "%s: lora_adapter_metadata: %s is %s, expected a number"
              .formatted(file.path(), key, found));
    }
    return found.doubleValue();
  }

  /**
   * As PEFT's get_pattern_key reads them. They are layers' names; a pattern that could take for
   * ever to match is refused.
   */
  private static Pattern pattern(LoraFile file, String key) {
    if (QUANTIFIERS.matcher(key).results().count() > MOST_QUANTIFIERS
        || QUANTIFIED_GROUP.matcher(key).find()) {
      throw new SdxlException(
          "%s: alpha_pattern %s repeats too much; allowed: %d of * + ? {, none behind a bracket"
              .formatted(file.path(), key, MOST_QUANTIFIERS));
    }
    try {
      return Pattern.compile("(.*\\.)?(" + key + ")");
    } catch (PatternSyntaxException e) {
      throw new SdxlException(
          file.path() + ": alpha_pattern " + key + " is no regular expression", e);
    }
  }

  @Override
  public double of(Layer layer, String path) {
    double own =
        alphas.entrySet().stream()
            .filter(entry -> entry.getKey().matcher(path).matches())
            .findFirst()
            .map(Map.Entry::getValue)
            .orElse(alpha);
    double rank = layer.rank();
    return own / (square ? Math.sqrt(rank) : rank);
  }
}
