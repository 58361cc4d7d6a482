package farm.darkroom.sdxl.text;

import java.util.List;
import java.util.Optional;

/**
 * A text as one encoder reads it.
 *
 * @param removed the end of a plain text that found no room
 */
record ChunkedText(List<TextChunk> chunks, Optional<String> removed) {
  ChunkedText {
    chunks = List.copyOf(chunks);
  }
}
