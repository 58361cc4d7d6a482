package farm.darkroom.sdxl.text;

/**
 * One sequence of tokens that fits the text encoder.
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
