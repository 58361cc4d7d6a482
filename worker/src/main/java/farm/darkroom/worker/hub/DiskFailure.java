package farm.darkroom.worker.hub;

import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** Explains a disk error in one line. */
final class DiskFailure {
  private DiskFailure() {}

  static HubException of(Object where, IOException e) {
    return HubException.failed(
        "%s: %s; what has come stays, the same command goes on".formatted(where, reason(e)), e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "may not be written";
    }
    String text = String.valueOf(e.getMessage());
    return text.contains("No space left") ? "the disk is full" : "cannot be written: " + text;
  }
}
