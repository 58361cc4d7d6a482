package farm.darkroom.common.input;

import farm.darkroom.common.FarmException;

/** The encoding of text from outside, which is to be UTF-8. */
public final class TextEncoding {
  /** How many bytes of a text tell. */
  public static final int MARK = 2;

  private TextEncoding() {}

  /**
   * Refuses UTF-16 with a byte order mark, as some programs write it where none is chosen.
   *
   * @param start the first bytes of a text
   * @throws FarmException INVALID_JOB that says what it is and what is expected
   */
  public static void requireUtf8(byte[] start) {
    int mark = start.length < MARK ? 0 : (start[0] & 0xFF) << 8 | (start[1] & 0xFF);
    if (mark == 0xFEFF || mark == 0xFFFE) {
      throw FarmException.invalidJob(
          "found UTF-16, allowed: UTF-8; iconv -f UTF-16 -t UTF-8 makes it so");
    }
  }
}
