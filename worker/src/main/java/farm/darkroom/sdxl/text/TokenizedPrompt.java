package farm.darkroom.sdxl.text;

import java.util.List;

/**
 * A prompt as each text encoder's tokenizer splits it.
 *
 * @param texts one for each encoder
 */
record TokenizedPrompt(PromptSide side, List<ChunkedText> texts) {
  TokenizedPrompt {
    texts = List.copyOf(texts);
  }

  /** Chunks of the longest text. */
  int chunks() {
    return texts.stream().mapToInt(text -> text.chunks().size()).max().orElseThrow();
  }

  /** One warning for each text that was truncated; encoders that truncate alike share one. */
  List<String> warnings(String parameter) {
    return texts.stream()
        .flatMap(text -> text.removed().stream())
        .distinct()
        .map(removed -> parameter + " is longer than the text encoder; left out: " + removed)
        .toList();
  }
}
