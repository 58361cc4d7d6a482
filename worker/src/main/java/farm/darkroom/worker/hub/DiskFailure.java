package farm.darkroom.worker.hub;

import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** Explains a disk error in one line. */
final class DiskFailure {
  private DiskFailure() {}

  static HubException of(Object where, IOException e) {
    String text = String.valueOf(e.getMessage());
    String why =
        e instanceof AccessDeniedException
            ? "may not be written"
            : text.contains("No space left") ? "the disk is full" : "cannot be written: " + text;
    return HubException.failed(
        "%s: %s; what has come stays, the same command goes on".formatted(where, why), e);
  }
}
