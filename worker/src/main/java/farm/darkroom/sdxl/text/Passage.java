package farm.darkroom.sdxl.text;

import java.util.List;

/**
 * All that decides what the encoders make of one side of a request, and so the key of the cache.
 *
 * @param texts one for each encoder
 * @param skip hidden layers to leave out on top of SDXL's one
 */
record Passage(List<String> texts, int skip) {
  Passage {
    texts = List.copyOf(texts);
  }
}
