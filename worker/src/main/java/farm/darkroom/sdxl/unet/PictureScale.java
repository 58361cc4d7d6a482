package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.SdxlException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much a picture adds to each attention (diffusers: {@code set_ip_adapter_scale}).
 *
 * @param everywhere one number for all; empty where {@code blocks} says it
 * @param blocks under {@code down}, {@code down.block_2}, {@code mid}, {@code up} and so on: one
 *     number for all attentions of a block, or one for each. Other blocks add nothing
 */
public record PictureScale(Optional<Double> everywhere, Map<String, List<Double>> blocks) {
  private static final Pattern ATTENTION =
      Pattern.compile("(down|up)_blocks\\.(\\d+)\\.attentions\\.(\\d+)");
  private static final String MIDDLE = "mid";

  public PictureScale {
    blocks = Map.copyOf(blocks);
  }

  /** One number for all attentions. */
  public static PictureScale of(double everywhere) {
    return new PictureScale(Optional.of(everywhere), Map.of());
  }

  /**
   * What a Transformer2DModel's attentions are scaled by.
   *
   * @param transformer its name
   * @param all the names of those of the UNet
   * @throws SdxlException when its block has another number of attentions
   */
  double of(String transformer, List<String> all) {
    return everywhere.orElseGet(() -> ofBlock(transformer, all));
  }

  private double ofBlock(String transformer, List<String> all) {
    Matcher name = ATTENTION.matcher(transformer);
    if (!name.matches()) {
      return number(MIDDLE, 0, 1).orElse(0.0);
    }
    String half = name.group(1);
    String block = half + ".block_" + name.group(2);
    String siblings = half + "_blocks." + name.group(2) + ".";
    int count = (int) all.stream().filter(other -> other.startsWith(siblings)).count();
    int index = Integer.parseInt(name.group(3));
    return number(block, index, count).or(() -> number(half, index, count)).orElse(0.0);
  }

  private Optional<Double> number(String key, int index, int count) {
    List<Double> numbers = blocks.getOrDefault(key, List.of());
    if (numbers.isEmpty()) {
      return Optional.empty();
    }
    if (numbers.size() != 1 && numbers.size() != count) {
      throw new SdxlException(
          "ip_adapter scale.%s: found %d numbers, allowed: 1 or %d, as the block has attentions"
              .formatted(key, numbers.size(), count));
    }
    return Optional.of(numbers.get(numbers.size() == 1 ? 0 : index));
  }

  /**
   * Checks the numbers against a UNet.
   *
   * @param all the names of its Transformer2DModels
   * @throws SdxlException for a block that it has not, or has with another number of attentions
   */
  void check(List<String> all) {
    for (String key : blocks.keySet()) {
      String prefix = key.replaceFirst("\\.block_", "_blocks.") + (key.contains(".") ? "." : "_");
      if (all.stream().noneMatch(name -> name.startsWith(prefix))) {
        throw new SdxlException(
            "ip_adapter scale.%s: the unet has no attention there".formatted(key));
      }
    }
    all.forEach(name -> of(name, all));
  }
}
