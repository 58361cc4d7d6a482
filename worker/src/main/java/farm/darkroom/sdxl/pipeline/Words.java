package farm.darkroom.sdxl.pipeline;

import farm.darkroom.sdxl.text.PromptEncoder;
import farm.darkroom.sdxl.text.TextualInversion;
import java.util.List;

/**
 * The prompt encoder with the words that the last request added, so that requests in a row that add
 * the same share its cache. For one thread.
 */
final class Words implements AutoCloseable {
  private final PromptEncoder plain;
  private List<TextualInversion> added = List.of();
  private PromptEncoder extended;

  /** The plain encoder stays the caller's. */
  Words(PromptEncoder plain) {
    this.plain = plain;
  }

  /**
   * The encoder that knows these words.
   *
   * @throws farm.darkroom.sdxl.SdxlException for a token that is taken, or vectors that an encoder
   *     cannot read
   */
  PromptEncoder with(List<TextualInversion> inversions) {
    if (inversions.isEmpty()) {
      return plain;
    }
    if (extended == null || !added.equals(inversions)) {
      close();
      extended = plain.with(inversions);
      added = inversions;
    }
    return extended;
  }

  @Override
  public void close() {
    if (extended != null) {
      extended.close();
      extended = null;
    }
  }
}
