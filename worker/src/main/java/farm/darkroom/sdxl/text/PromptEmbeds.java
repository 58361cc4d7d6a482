package farm.darkroom.sdxl.text;

import java.util.List;
import java.util.Optional;

/**
 * What diffusers' {@code encode_prompt} gives, for one image.
 *
 * @param negative present with guidance; of the same shapes as {@code positive}
 * @param warnings one line for each text that was cut, for the record
 */
public record PromptEmbeds(
    TextConditioning positive, Optional<TextConditioning> negative, List<String> warnings) {

  public PromptEmbeds {
    warnings = List.copyOf(warnings);
  }
}
