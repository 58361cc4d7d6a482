package farm.darkroom.sdxl.text;

import java.util.Optional;

/**
 * A text as one encoder reads it.
 *
 * @param ids begin, tokens, end, padding
 * @param removed the end of the text that found no room
 */
record TokenizedText(long[] ids, Optional<String> removed) {}
