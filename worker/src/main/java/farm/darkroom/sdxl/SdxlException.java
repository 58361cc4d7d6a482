package farm.darkroom.sdxl;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * The engine refuses a snapshot, a file or an argument. The message is a single line that says what
 * was found, what was expected and where.
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

  /** A file cannot be read. The JDK's own message is often nothing but the path. */
  public static SdxlException unreadable(Path file, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new SdxlException(file + ": no such file", e);
    }
    return new SdxlException(file + ": cannot be read: " + reason(e), e);
  }

  private static String reason(IOException e) {
    if (e instanceof CharacterCodingException) {
      return "it is no text in UTF-8";
    }
    return e instanceof AccessDeniedException ? "access to it is denied" : e.getMessage();
  }

  /** A JSON error, with the parser's location but without its advice to programmers. */
  public static SdxlException ofJson(String what, JsonProcessingException e) {
    return new SdxlException(
        what + ": " + ADVICE.matcher(e.getOriginalMessage()).replaceAll(""), e);
  }
}
