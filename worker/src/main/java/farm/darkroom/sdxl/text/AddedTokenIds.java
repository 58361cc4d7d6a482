package farm.darkroom.sdxl.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Maps the ids that the tokenizer library gives to added tokens to the ids of their vectors, and
 * back.
 *
 * @param words as they were added
 * @param parts of them ({@link AddedToken#parts}) by the library's ids
 */
record AddedTokenIds(List<AddedToken> words, Map<Long, AddedToken> parts) {
  AddedTokenIds {
    words = List.copyOf(words);
    parts = Map.copyOf(parts);
  }

  /**
   * The text with all vectors of words of several written out, as diffusers' {@code
   * _maybe_convert_prompt} does: the letters of a word that was found are replaced wherever they
   * stand. Of words that lie in one another the longest counts; diffusers takes them in no order.
   *
   * @param found the library's ids of the text
   */
  String spelledOut(String text, long[] found) {
    Map<String, String> spelled = new HashMap<>();
    Arrays.stream(found)
        .mapToObj(parts::get)
        .filter(part -> part != null && part.isSpelledOut())
        .map(AddedToken::text)
        .forEach(word -> spelled.computeIfAbsent(word, this::spelledOut));
    String words =
        spelled.keySet().stream()
            .filter(word -> !spelled.get(word).equals(word))
            .sorted(Comparator.comparing(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return words.isEmpty()
        ? text
        : Pattern.compile(words)
            .matcher(text)
            .replaceAll(place -> Matcher.quoteReplacement(spelled.get(place.group())));
  }

  private String spelledOut(String word) {
    Set<String> names = parts.values().stream().map(AddedToken::text).collect(Collectors.toSet());
    StringBuilder all = new StringBuilder(word);
    for (int i = 1; names.contains(AddedToken.numbered(word, i)); i++) {
      all.append(' ').append(AddedToken.numbered(word, i));
    }
    return all.toString();
  }

  /**
   * What the library's ids stand for, one array for each token: all vectors of a word where they
   * follow each other.
   */
  List<long[]> units(long[] library) {
    long[] ids = Arrays.stream(library).map(this::meant).toArray();
    Map<Long, AddedToken> first = new HashMap<>();
    words.forEach(word -> first.put(word.firstId(), word));
    List<long[]> units = new ArrayList<>();
    for (int i = 0; i < ids.length; i += units.get(units.size() - 1).length) {
      units.add(Arrays.copyOfRange(ids, i, i + length(ids, i, first.get(ids[i]))));
    }
    return units;
  }

  private long meant(long id) {
    AddedToken part = parts.get(id);
    return part == null ? id : part.firstId();
  }

  private static int length(long[] ids, int at, AddedToken word) {
    int vectors = word == null ? 1 : word.vectors();
    boolean whole = at + vectors <= ids.length;
    for (int i = 1; whole && i < vectors; i++) {
      whole = ids[at + i] == ids[at] + i;
    }
    return whole ? vectors : 1;
  }

  /** The library's ids of words by the ids of their first vectors. */
  Map<Long, Long> byFirstId() {
    Map<Long, Long> known = new LinkedHashMap<>();
    Set<Long> first = new HashSet<>();
    words.forEach(word -> first.add(word.firstId()));
    parts.forEach(
        (id, part) -> {
          if (first.contains(part.firstId())) {
            known.put(part.firstId(), id);
          }
        });
    return known;
  }

  /** Warnings for the user. */
  List<String> warnings() {
    return words.stream().flatMap(word -> word.warning().stream()).sorted().toList();
  }
}
