package farm.darkroom.sdxl;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Pattern;

/**
 * What the engine refuses: a snapshot, a file or an argument. The message is one line that says
 * what was found, what was expected and where.
 */
public class SdxlException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Pattern ADVICE =
      Pattern.compile(" \\(start marker at \\[.*|, from `StreamReadConstraints\\.\\w+\\(\\)`");

  public SdxlException(String message) {
    super(message);
  }

  public SdxlException(String message, Throwable cause) {
    super(message, cause);
  }

  /** That {@code what} is so, by what the parser ran into, without its advice to programmers. */
  public static SdxlException ofJson(String what, JsonProcessingException e) {
    return new SdxlException(
        what + ": " + ADVICE.matcher(e.getOriginalMessage()).replaceAll(""), e);
  }
}
