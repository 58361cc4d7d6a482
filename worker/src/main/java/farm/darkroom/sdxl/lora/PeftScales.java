package farm.darkroom.sdxl.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import farm.darkroom.sdxl.SdxlException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Scales from {@code lora_adapter_metadata}, a PEFT LoraConfig for each component: {@code
 * unet.lora_alpha}, {@code unet.alpha_pattern}, {@code unet.use_rslora}. Its {@code unet.r} and
 * {@code unet.rank_pattern} must be what the tensors have. DoRA's lengths and biases count where it
 * says so, and must be there then.
 *
 * @param ranks where the metadata has any
 * @param square whether the rank counts by its square root (rsLoRA)
 * @param parts those that count, of {@link #FLAGS}
 */
record PeftScales(
    Path file, PerLayer alphas, Optional<PerLayer> ranks, boolean square, Set<Part> parts)
    implements Scales {
  private static final Map<Part, String> FLAGS =
      Map.of(Part.MAGNITUDE, "use_dora", Part.BIAS, "lora_bias");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double PEFT_ALPHA = 8;
  private static final Pattern QUANTIFIERS = Pattern.compile("[*+?{]");
  private static final Pattern QUANTIFIED_GROUP = Pattern.compile("\\)[*+?{]");
  private static final int MOST_QUANTIFIERS = 2;

  /**
   * A number of each layer.
   *
   * @param others by a pattern that a layer's path ends in; the first that fits counts
   */
  private record PerLayer(double usual, Map<Pattern, Double> others) {
    double of(String path) {
      return others.entrySet().stream()
          .filter(entry -> entry.getKey().matcher(path).matches())
          .findFirst()
          .map(Map.Entry::getValue)
          .orElse(usual);
    }
  }

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
    Optional<PerLayer> ranks =
        Optional.ofNullable(config.get("r"))
            .map(rank -> perLayer(file, number(file, "r", rank), config.get("rank_pattern")));
    return new PeftScales(
        file.path(),
        perLayer(file, alpha(file, config.get("lora_alpha")), config.get("alpha_pattern")),
        ranks,
        flag(config, "use_rslora"),
        FLAGS.keySet().stream()
            .filter(part -> flag(config, FLAGS.get(part)))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static boolean flag(Map<String, JsonNode> config, String name) {
    JsonNode found = config.get(name);
    return found != null && found.asBoolean();
  }

  private static double alpha(LoraFile file, JsonNode found) {
    return found == null ? PEFT_ALPHA : number(file, "lora_alpha", found);
  }

  private static PerLayer perLayer(LoraFile file, double usual, JsonNode patterns) {
    Map<Pattern, Double> others = new LinkedHashMap<>();
    if (patterns != null) {
      patterns
          .properties()
          .forEach(
              e -> others.put(pattern(file, e.getKey()), number(file, e.getKey(), e.getValue())));
    }
    return new PerLayer(usual, others);
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
          "%s: lora_adapter_metadata: pattern %s repeats too much, allowed: %d of * + ? {, none behind a bracket"
              .formatted(file.path(), key, MOST_QUANTIFIERS));
    }
    try {
      return Pattern.compile("(.*\\.)?(" + key + ")");
    } catch (PatternSyntaxException e) {
      throw new SdxlException(
          file.path() + ": lora_adapter_metadata: pattern " + key + " is no regular expression", e);
    }
  }

  @Override
  public boolean reads(Part part) {
    return !FLAGS.containsKey(part) || parts.contains(part);
  }

  @Override
  public double of(Layer layer, String path) {
    checkRank(layer, path);
    parts.stream().filter(part -> layer.find(part).isEmpty()).forEach(part -> refuse(layer, part));
    double rank = layer.rank();
    return alphas.of(path) / (square ? Math.sqrt(rank) : rank);
  }

  /** PEFT makes the layer of the metadata's rank, which other tensors do not fit. */
  private void checkRank(Layer layer, String path) {
    double said = ranks.map(known -> known.of(path)).orElse((double) layer.rank());
    if (said != layer.rank()) {
      throw new SdxlException(
          "%s: %s has rank %d, lora_adapter_metadata says %s"
              .formatted(
                  file,
                  layer.down().name(),
                  layer.rank(),
                  BigDecimal.valueOf(said).stripTrailingZeros().toPlainString()));
    }
  }

  private void refuse(Layer layer, Part absent) {
    throw new SdxlException(
        "%s: lora_adapter_metadata says %s, but %s stands without its own"
            .formatted(file, FLAGS.get(absent), layer.down().name()));
  }
}
