package farm.darkroom.sdxl.text;

import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A textual-inversion token: the word in prompts, and the ids of its vectors.
 *
 * @param text found anywhere in a prompt, in any case
 * @param firstId of its first vector; the others follow
 */
record AddedToken(String text, long firstId, int vectors) {
  /**
   * The tokens that the tokenizer recognises, one for each vector. The first is the word itself,
   * the others end in their number, as in diffusers' {@code _extend_tokens_and_embeddings}.
   */
  List<AddedToken> parts() {
    return IntStream.range(0, vectors)
        .mapToObj(i -> new AddedToken(i == 0 ? text : numbered(text, i), firstId + i, 1))
        .toList();
  }

  /** The token of vector {@code i} of a word, from 1. */
  static String numbered(String text, int i) {
    return text + "_" + i;
  }

  /**
   * Whether diffusers spells its vectors out. It replaces in the text what its tokenizer found, and
   * that is normalised, so a word that is not normalised is never among its own.
   */
  boolean isSpelledOut() {
    return text.equals(Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT));
  }

  /** A warning for the user. */
  Optional<String> warning() {
    return !isSpelledOut() && vectors > 1
        ? Optional.of(
            "embedding %s: its name has capitals; as in diffusers, the first of its %d vectors alone is used"
                .formatted(text, vectors))
        : Optional.empty();
  }
}
