package farm.darkroom.sdxl.text;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The activations between the two linear layers of a CLIP block, with transformers' names. */
public enum HiddenActivation {
  QUICK_GELU("quick_gelu", List.of("quick_gelu")),
  GELU("gelu", List.of("gelu")),
  GELU_TANH("gelu_tanh", List.of("gelu_new", "gelu_fast", "gelu_pytorch_tanh")),
  RELU("relu", List.of("relu")),
  SILU("silu", List.of("silu", "swish"));

  private final String kernel;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> names;

  HiddenActivation(String kernel, List<String> names) {
    this.kernel = kernel;
    this.names = names;
  }

  /** Its name in the kernel. */
  public String kernel() {
    return kernel;
  }

  /** The activation of that name in a config, if it is one. */
  public static Optional<HiddenActivation> of(String name) {
    return Arrays.stream(values()).filter(a -> a.names.contains(name)).findFirst();
  }

  /** Every name that a config may have. */
  public static List<String> allNames() {
    return Arrays.stream(values()).flatMap(a -> a.names.stream()).toList();
  }
}
