package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.text.PromptEncoder;
import farm.darkroom.sdxl.text.TextualInversion;
import java.util.List;
import java.util.Optional;

/**
 * The prompt encoder with the words that the last request added, so that requests in a row that add
 * the same share its cache. Not thread-safe.
 */
final class PromptEncoders implements AutoCloseable {
  private final PromptEncoder plain;
  private List<TextualInversion> added = List.of();
  private Optional<PromptEncoder> extended = Optional.empty();

  /** The plain encoder still belongs to the caller. */
  PromptEncoders(PromptEncoder plain) {
    this.plain = plain;
  }

  /**
   * The encoder extended with these tokens.
   *
   * @throws farm.darkroom.sdxl.SdxlException for a token that is taken, or vectors that an encoder
   *     cannot read
   */
  PromptEncoder with(List<TextualInversion> inversions) {
    if (inversions.isEmpty()) {
      return plain;
    }
    if (!added.equals(inversions)) {
      close();
      extended = Optional.of(plain.with(inversions));
      added = inversions;
    }
    return extended.orElse(plain);
  }

  @Override
  public void close() {
    extended.ifPresent(PromptEncoder::close);
    extended = Optional.empty();
    added = List.of();
  }
}
