package farm.darkroom.sdxl;

/**
 * What the engine refuses: a snapshot, a file or an argument. The message is one line that says
 * what was found, what was expected and where.
 */
public class SdxlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SdxlException(String message) {
    super(message);
  }

  public SdxlException(String message, Throwable cause) {
    super(message, cause);
  }
}
