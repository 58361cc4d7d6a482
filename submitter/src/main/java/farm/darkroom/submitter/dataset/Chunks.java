package farm.darkroom.submitter.dataset;

import java.util.ArrayList;
import java.util.List;

/** Cuts a list into parts of equal size, by place, so that a part stays the same for ever. */
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
