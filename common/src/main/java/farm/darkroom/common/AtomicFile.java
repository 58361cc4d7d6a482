package farm.darkroom.common;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes files atomically: the content goes to a temporary file beside the target, named {@code
 * *.part}, which is then moved into place. Readers see the old file or the new one, never a part of
 * it.
 */
public final class AtomicFile {
  private static final Pattern DRAFT = Pattern.compile("(.+)\\.(\\d{1,18})\\.part");

  private AtomicFile() {}

  /** What fills a file. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Replaces {@code target}; its folder is made where it is missing. */
  public static void write(Path target, byte[] bytes) throws IOException {
    write(target, out -> out.write(bytes));
  }

  /**
   * Replaces {@code target} with what {@code content} writes; if that fails, the old file stays.
   */
  public static void write(Path target, Content content) throws IOException {
    Path place = target.toAbsolutePath();
    Files.createDirectories(place.getParent());
    Path draft =
        place.resolveSibling(place.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      OutputStream file = new Named(Files.newOutputStream(draft), place);
      try (OutputStream out = new BufferedOutputStream(file, 1 << 16)) {
        content.writeTo(out);
      }
      move(draft, place);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /**
   * Deletes what processes left that were killed while they wrote such files.
   *
   * @param folder need not be there
   * @param ours whether a file of that name would be one of them; others stay
   */
  public static void clear(Path folder, Predicate<String> ours) throws IOException {
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> left =
          Files.newDirectoryStream(folder, file -> isLeft(file.getFileName().toString(), ours))) {
        for (Path draft : left) {
          Files.deleteIfExists(draft);
        }
      }
    }
  }

  private static boolean isLeft(String name, Predicate<String> ours) {
    Matcher draft = DRAFT.matcher(name);
    return draft.matches()
        && ours.test(draft.group(1))
        && ProcessHandle.of(Long.parseLong(draft.group(2))).isEmpty();
  }

  private static void move(Path draft, Path place) throws IOException {
    try {
      Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, place, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Says which file it is that a full disk does not take. */
  static final class Named extends FilterOutputStream {
    private final Path file;

    Named(OutputStream out, Path file) {
      super(out);
      this.file = file;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException e) {
        IOException named = new FileSystemException(file.toString(), null, e.getMessage());
        named.initCause(e);
        throw named;
      }
    }
  }
}
