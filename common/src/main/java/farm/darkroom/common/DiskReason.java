package farm.darkroom.common;

import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Explains why a file could not be read or written. The JDK's own message is often nothing but the
 * path.
 */
public final class DiskReason {
  private DiskReason() {}

  /**
   * The reason, with the path that is meant where there is one.
   *
   * @param e an IOException, one around it, or what parsing a path or a file ran into
   */
  public static String of(Exception e) {
    if (e instanceof UncheckedIOException unchecked) {
      return of(unchecked.getCause());
    }
    if (e instanceof CharacterCodingException) {
      return "it is no UTF-8 text";
    }
    return e instanceof FileSystemException disk ? ofDisk(disk) : message(e);
  }

  private static String ofDisk(FileSystemException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no " + e.getFile();
    }
    if (e instanceof AccessDeniedException) {
      return "access to " + e.getFile() + " is denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return e.getFile() + " is there already, and no folder";
    }
    return message(e);
  }

  private static String message(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
