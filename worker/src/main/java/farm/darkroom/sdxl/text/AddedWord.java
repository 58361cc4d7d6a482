package farm.darkroom.sdxl.text;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A word that stands for embeddings of the user's own.
 *
 * @param text found anywhere in a prompt, in any case
 * @param firstId of its first vector; the others follow
 */
record AddedWord(String text, long firstId, int vectors) {
  /**
   * Whether each place of a text where the word is found stands for all vectors, in order: where it
   * is written letter by letter, and in lower case. diffusers spells vectors out by replacing in
   * the text what its tokenizer found, and that is in lower case.
   *
   * @param count of the places that a tokenizer found; where letters say otherwise, all of them are
   *     taken for such
   */
  List<Boolean> spelled(String found, long count) {
    if (isCapital()) {
      return Collections.nCopies((int) count, false);
    }
    Matcher places =
        Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
            .matcher(found);
    List<Boolean> spelled = places.results().map(place -> place.group().equals(text)).toList();
    return spelled.size() == count ? spelled : Collections.nCopies((int) count, true);
  }

  private boolean isCapital() {
    return !text.equals(text.toLowerCase(Locale.ROOT));
  }

  /** What the user should know of it. */
  Optional<String> warning() {
    return isCapital() && vectors > 1
        ? Optional.of(
            "embedding %s: its name has capitals; as in diffusers, the first of its %d vectors alone is used"
                .formatted(text, vectors))
        : Optional.empty();
  }
}
