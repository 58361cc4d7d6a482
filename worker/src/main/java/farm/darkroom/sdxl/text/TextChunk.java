package farm.darkroom.sdxl.text;

/**
 * What an encoder reads at once.
 *
 * @param ids begin, tokens, end, padding
 * @param weights one for each id; begin, end and padding weigh 1
 */
@SuppressWarnings("ArrayRecordComponent") // numbers are handed over, never compared
record TextChunk(long[] ids, float[] weights) {

  /** Whether any weight is not 1. */
  boolean weighted() {
    for (float weight : weights) {
      if (weight != 1) {
        return true;
      }
    }
    return false;
  }
}
