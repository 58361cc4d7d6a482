package farm.darkroom.sdxl.schedulers;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Suggests the known name that was probably meant. */
final class NearestName {
  private NearestName() {}

  /** The nearest by edit distance, if at most a third of the letters differ. */
  static Optional<String> of(String found, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> distance(found, name)))
        .filter(name -> distance(found, name) * 3 <= Math.max(found.length(), name.length()));
  }

  /** A clause to append to an error: {@code ; did you mean X?} or nothing. */
  static String hint(String found, Collection<String> known) {
    return of(found, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
