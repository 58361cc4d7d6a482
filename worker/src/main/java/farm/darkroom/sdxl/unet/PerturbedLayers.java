package farm.darkroom.sdxl.unet;

import farm.darkroom.sdxl.SdxlException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The self-attentions that perturbed attention guidance takes away (diffusers: {@code
 * pag_applied_layers}).
 *
 * @param patterns each for those in whose name it is found, such as {@code
 *     mid_block.attentions.0.transformer_blocks.0.attn1}
 */
public record PerturbedLayers(List<Pattern> patterns) {
  public PerturbedLayers {
    patterns = List.copyOf(patterns);
  }

  /**
   * Checks that every pattern is for a self-attention of a UNet.
   *
   * @throws SdxlException for one that is not
   */
  public void check(UNetConfig config) {
    of(new UNetTopology(config));
  }

  /**
   * Their names.
   *
   * @throws SdxlException as {@link #check}
   */
  Set<String> of(UNetTopology unet) {
    List<String> all =
        unet.attentions().stream()
            .flatMap(transformer -> transformer.selfAttentions().stream())
            .toList();
    Set<String> perturbed = new HashSet<>();
    for (Pattern pattern : patterns) {
      List<String> matching = all.stream().filter(pattern.asPredicate()).toList();
      if (matching.isEmpty()) {
        throw new SdxlException(
            "pag_applied_layers: \"%s\" is in the name of no self-attention of the unet%s"
                .formatted(pattern, all.stream().findFirst().map(", such as "::concat).orElse("")));
      }
      perturbed.addAll(matching);
    }
    return perturbed;
  }
}
