package farm.darkroom.common.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Suggests the known name that was probably meant ("did you mean ...?"). */
public final class NearMiss {
  private static final int SHORTEST_PART = 4;

  private NearMiss() {}

  /** {@code "; did you mean NAME?"}, or nothing when no known name is near. */
  public static String hint(String typed, Collection<String> known) {
    return find(typed, known).map(NearMiss::hint).orElse("");
  }

  /** {@code "; did you mean NAME?"}. */
  public static String hint(String name) {
    return "; did you mean " + name + "?";
  }

  /** The nearest known name, if a few edits or a missing word make it. */
  public static Optional<String> find(String typed, Collection<String> known) {
    if (typed.length() > 64) {
      return Optional.empty();
    }
    String plain = plain(typed);
    return known.stream()
        .filter(name -> cost(plain, plain(name)) <= allowed(plain, plain(name)))
        .min(
            Comparator.comparingInt((String name) -> cost(plain, plain(name)))
                .thenComparingInt(String::length)
                .thenComparing(Comparator.naturalOrder()));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "").replace(" ", "");
  }

  private static int allowed(String typed, String name) {
    int shorter = Math.min(typed.length(), name.length());
    return shorter == 1 ? 0 : Math.max(1, shorter / 3);
  }

  /** Edits to the whole name, or one more than to its beginning or end. */
  private static int cost(String typed, String name) {
    int whole = distance(typed, name);
    int length = typed.length();
    if (length < SHORTEST_PART || length >= name.length()) {
      return whole;
    }
    int begin = distance(typed, name.substring(0, length));
    int end = distance(typed, name.substring(name.length() - length));
    return Math.min(whole, 1 + Math.min(begin, end));
  }

  /** Optimal string alignment: insertions, deletions, replacements, neighbours swapped. */
  static int distance(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : cell(d, a, b, i, j);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int cell(int[][] d, String a, String b, int i, int j) {
    int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
    int best = Math.min(d[i - 1][j - 1] + replace, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, d[i - 2][j - 2] + 1) : best;
  }
}
