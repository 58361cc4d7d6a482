package farm.darkroom.sdxl.text;

import java.util.Collections;
import java.util.List;
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
   * Whether each place of a text where the word is found has it letter by letter, in order.
   *
   * @param count of the places that a tokenizer found; where letters say otherwise, all of them are
   *     taken for such
   */
  List<Boolean> spelled(String found, long count) {
    Matcher places =
        Pattern.compile(Pattern.quote(text), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
            .matcher(found);
    List<Boolean> spelled = places.results().map(place -> place.group().equals(text)).toList();
    return spelled.size() == count ? spelled : Collections.nCopies((int) count, true);
  }
}
