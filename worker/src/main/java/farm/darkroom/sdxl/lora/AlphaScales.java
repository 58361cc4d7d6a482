package farm.darkroom.sdxl.lora;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Scales from alpha tensors, read as diffusers reads them ({@code get_peft_kwargs}): a layer that
 * has none, or one that diffusers does not look up by the layer's name, has the alpha that most
 * layers of the component have.
 *
 * @param alphas by layer
 * @param commonest of them
 */
record AlphaScales(Map<LayerName, Double> alphas, double commonest) implements Scales {

  /** The scales of one component's layers; empty if none has an alpha. */
  static Optional<AlphaScales> of(LoraFile file, Collection<Layer> layers) {
    Map<LayerName, Double> alphas = new LinkedHashMap<>();
    layers.stream()
        .sorted(Comparator.comparingInt(layer -> LdmBlocks.place(layer.down().name())))
        .forEach(layer -> file.alpha(layer).ifPresent(a -> alphas.put(layer.name(), a)));
    return commonest(alphas).map(value -> new AlphaScales(alphas, value));
  }

  /** The most frequent alpha; of several, the first in the order that diffusers has them in. */
  private static Optional<Double> commonest(Map<LayerName, Double> alphas) {
    Map<Double, Long> counts =
        alphas.values().stream()
            .collect(Collectors.groupingBy(v -> v, LinkedHashMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .reduce((first, second) -> second.getValue() > first.getValue() ? second : first)
        .map(Map.Entry::getKey);
  }

  @Override
  public double of(Layer layer, String path) {
    return (isOverlooked(layer) ? commonest : own(layer)) / layer.rank();
  }

  private double own(Layer layer) {
    return alphas.getOrDefault(layer.name(), commonest);
  }

  /** Whether the layer is merged with another alpha than its file has for it. */
  boolean isOverruled(Layer layer) {
    return isOverlooked(layer) && own(layer) != commonest;
  }

  /** diffusers renames kohya's attention layers, and all of text_encoder, but not their alphas. */
  private static boolean isOverlooked(Layer layer) {
    String path = layer.name().path();
    return layer.kohya()
        && switch (layer.name().component()) {
          case LayerName.UNET -> path.matches(".*_to_(q|k|v|out_0)");
          case "text_encoder" -> true;
          default -> path.matches(".*_(q|k|v|out)_proj");
        };
  }
}
