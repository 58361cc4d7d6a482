package farm.darkroom.common.job;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Perturbed attention guidance (arXiv 2403.17377): the picture is led away from a prediction whose
 * self-attentions see each place alone.
 *
 * @param scale {@code pag_scale}, above 0
 * @param adaptiveScale {@code pag_adaptive_scale}: how much of it each timestep takes away; 0: none
 * @param appliedLayers {@code pag_applied_layers}: patterns, at least one, each found anywhere in
 *     the names of the self-attentions that it is for; {@link Pattern} compiles them
 */
public record PerturbedAttentionChoice(
    double scale, double adaptiveScale, List<String> appliedLayers) {
  private static final String SCALE = "pag_scale";
  private static final String ADAPTIVE_SCALE = "pag_adaptive_scale";
  private static final String APPLIED_LAYERS = "pag_applied_layers";
  private static final List<String> DEFAULT_LAYERS = List.of("mid");
  private static final int MOST_LAYERS = 16;
  private static final int LONGEST = 64;
  private static final int MOST_ALTERNATIVES = 8;

  /** What Python and Java read alike, and match in no time: nothing that repeats. */
  private static final Pattern SIMPLE = Pattern.compile("(?:[\\w.|()]|\\[(?:\\w(?:-\\w)?)+])+");

  private static final JsonType<String> LAYER =
      JsonTypes.text(LONGEST).refuse(PerturbedAttentionChoice::complaint);

  private static final JsonType<List<String>> LAYERS =
      (value, path, problems) ->
          value.isArray()
              ? JsonTypes.listOf(LAYER, 1, MOST_LAYERS).read(value, path, problems)
              : LAYER.as(List::of).read(value, path, problems);

  public PerturbedAttentionChoice {
    appliedLayers = List.copyOf(requireNonNull(appliedLayers, "appliedLayers"));
  }

  /** Empty when the job has no scale, or 0. */
  static Optional<PerturbedAttentionChoice> read(Fields f) {
    for (String name : List.of(ADAPTIVE_SCALE, APPLIED_LAYERS)) {
      if (f.has(name) && !f.has(SCALE)) {
        f.refuse(name, "found without pag_scale, which it needs");
      }
    }
    double scale = f.or(SCALE, Sampling.GUIDANCE, 0.0);
    double adaptiveScale = f.or(ADAPTIVE_SCALE, Sampling.GUIDANCE, 0.0);
    List<String> layers = f.or(APPLIED_LAYERS, LAYERS, DEFAULT_LAYERS);
    return scale > 0
        ? Optional.of(new PerturbedAttentionChoice(scale, adaptiveScale, layers))
        : Optional.empty();
  }

  void write(FieldWriter out) {
    Object layers = appliedLayers.size() == 1 ? appliedLayers.get(0) : appliedLayers;
    out.put(SCALE, scale)
        .putUnless(0.0, ADAPTIVE_SCALE, adaptiveScale)
        .put(
            APPLIED_LAYERS,
            appliedLayers.equals(DEFAULT_LAYERS) ? Optional.empty() : Optional.of(layers));
  }

  private static Optional<String> complaint(String layer) {
    return isSimple(layer)
        ? Optional.empty()
        : Optional.of(
            "found %s, allowed: letters, digits, '_' and '.', and up to %d alternatives such as up_blocks.(0|1) or down_blocks.[12]"
                .formatted(Found.quoted(layer), MOST_ALTERNATIVES));
  }

  private static boolean isSimple(String layer) {
    if (!SIMPLE.matcher(layer).matches()
        || layer.chars().filter(c -> c == '|').count() > MOST_ALTERNATIVES) {
      return false;
    }
    try {
      Pattern.compile(layer);
      return true;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }
}
