package farm.darkroom.submitter.dataset;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a list into parts of equal size by position, so that a part never changes when the list
 * grows.
 */
final class Chunks {
  private Chunks() {}

  static <T> List<List<T>> of(List<T> all, int size) {
    List<List<T>> chunks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += size) {
      chunks.add(all.subList(from, Math.min(all.size(), from + size)));
    }
    return chunks;
  }
}
