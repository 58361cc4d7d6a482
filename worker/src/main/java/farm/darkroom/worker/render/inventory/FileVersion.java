package farm.darkroom.worker.render.inventory;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;

/**
 * A file as it is now: of two equal ones the file was not rewritten between, and no other was moved
 * over it.
 *
 * @param size in bytes
 * @param mark what tells files of the same size and time apart: when the file system last touched
 *     the inode (POSIX {@code ctime}, which a rename and a {@code cp -p} set and nobody can set
 *     back). The number of the inode is none where there is a ctime: on FUSE and SMB it changes by
 *     itself, and one that is written into keeps it
 */
public record FileVersion(long size, FileTime modified, String mark) {
  private static final String UNIX = "unix";
  private static final String CTIME = "ctime";

  public FileVersion {
    requireNonNull(modified, "modified");
    requireNonNull(mark, "mark");
  }

  /**
   * The current version of a file; links are followed.
   *
   * @throws IOException also when there is no such file
   */
  public static FileVersion of(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains(UNIX)) {
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      return new FileVersion(now.size(), now.lastModifiedTime(), Objects.toString(now.fileKey()));
    }
    Map<String, Object> now = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime");
    return new FileVersion(
        (Long) now.get("size"),
        (FileTime) now.get("lastModifiedTime"),
        CTIME + " " + now.get(CTIME));
  }

  /** How the file has changed, in a few words; empty if it has not. */
  String change(FileVersion now) {
    if (size != now.size) {
      return "has %d bytes, had %d".formatted(now.size, size);
    }
    if (!modified.equals(now.modified)) {
      return "is of %s, was of %s".formatted(now.modified, modified);
    }
    return mark.equals(now.mark)
        ? ""
        : "was moved there, or touched (%s, was %s)".formatted(now.mark, mark);
  }
}
