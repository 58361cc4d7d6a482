package farm.darkroom.sdxl.lora;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that diffusers and PEFT write, old and new: {@code unet.PATH.lora_A.weight}, {@code
 * unet.PATH.lora.down.weight}, {@code text_encoder.PATH.lora_linear_layer.down.weight}, {@code
 * unet.PATH.processor.to_q_lora.down.weight}, {@code unet.PATH.lora_B.bias}, {@code
 * unet.PATH.alpha} (diffusers: state_dict_utils.py).
 */
final class DiffusersNaming {
  private static final List<String> COMPONENTS =
      List.of(LayerName.UNET, "text_encoder", "text_encoder_2");
  private static final Pattern PAIR =
      Pattern.compile("(.+)\\.(?:lora_|lora\\.|lora_linear_layer\\.)(A|B|down|up)\\.weight");
  private static final Pattern OLD_ATTENTION =
      Pattern.compile("(.+)\\.to_(q|k|v|out)_lora\\.(down|up)\\.weight");
  private static final Pattern MAGNITUDE =
      Pattern.compile("(.+)\\.lora_magnitude_vector(?:\\.weight)?");
  private static final Pattern BIAS =
      Pattern.compile("(.+)\\.(?:lora_B|lora\\.up|lora_linear_layer\\.up)\\.bias");
  private static final Pattern ALPHA = Pattern.compile("(.+)\\.alpha");

  private DiffusersNaming() {}

  /** What the tensor is; empty when the name is no such name. */
  static Optional<PartName> read(String tensor) {
    return COMPONENTS.stream()
        .filter(component -> tensor.startsWith(component + "."))
        .findFirst()
        .flatMap(
            component -> {
              String rest = tensor.substring(component.length() + 1).replace(".processor.", ".");
              return oldAttention(component, rest)
                  .or(() -> pair(component, rest))
                  .or(() -> single(component, ALPHA, Part.ALPHA, rest))
                  .or(() -> single(component, MAGNITUDE, Part.MAGNITUDE, rest))
                  .or(() -> single(component, BIAS, Part.BIAS, rest));
            });
  }

  private static Optional<PartName> oldAttention(String component, String rest) {
    Matcher matcher = OLD_ATTENTION.matcher(rest);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String letter = matcher.group(2);
    boolean out = letter.equals("out");
    String unet = out ? "to_out.0" : "to_" + letter;
    String layer = component.equals(LayerName.UNET) ? unet : letter + "_proj";
    return Optional.of(name(component, matcher.group(1) + "." + layer, part(matcher.group(3))));
  }

  private static Optional<PartName> pair(String component, String rest) {
    Matcher matcher = PAIR.matcher(rest);
    return matcher.matches()
        ? Optional.of(name(component, matcher.group(1), part(matcher.group(2))))
        : Optional.empty();
  }

  private static Optional<PartName> single(
      String component, Pattern pattern, Part part, String rest) {
    Matcher matcher = pattern.matcher(rest);
    return matcher.matches()
        ? Optional.of(name(component, matcher.group(1), part))
        : Optional.empty();
  }

  private static PartName name(String component, String path, Part part) {
    return new PartName(LayerName.of(component, path), part, false);
  }

  private static Part part(String word) {
    return word.equals("A") || word.equals("down") ? Part.DOWN : Part.UP;
  }
}
