package farm.darkroom.sdxl.text;

import java.util.ArrayList;
import java.util.List;

/**
 * The positive or the negative side of a request, with everything that determines its encoding: the
 * key of {@link PromptCache}.
 *
 * @param texts one for each encoder
 * @param skip hidden layers to leave out on top of SDXL's one
 * @param weighted whether the texts are in the weighted syntax
 */
record PromptSide(List<String> texts, int skip, boolean weighted) {
  PromptSide {
    texts = List.copyOf(texts);
  }

  /** Reads the texts, each by its encoder. */
  TokenizedPrompt read(List<TextEncoder> encoders) {
    List<ChunkedText> read = new ArrayList<>();
    for (int i = 0; i < encoders.size(); i++) {
      read.add(encoders.get(i).read(texts.get(i), weighted));
    }
    return new TokenizedPrompt(this, read);
  }
}
