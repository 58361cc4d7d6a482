package farm.darkroom.worker.render.inventory;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * A file as it is now: of two equal ones the file was not written anew between.
 *
 * @param key which file it is, where the system says: one that is moved over another may have its
 *     size and its time
 * @param size in bytes
 */
public record FileVersion(String key, long size, FileTime modified) {

  public FileVersion {
    requireNonNull(key, "key");
    requireNonNull(modified, "modified");
  }

  /**
   * Of a link, the file that it leads to.
   *
   * @throws IOException also when there is no such file
   */
  public static FileVersion of(Path file) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileVersion(Objects.toString(now.fileKey()), now.size(), now.lastModifiedTime());
  }
}
