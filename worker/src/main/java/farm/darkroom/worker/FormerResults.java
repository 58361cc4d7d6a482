package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Removes the pictures of an earlier render from a job's output folder; beside the new record they
 * would belong to no job.
 */
record FormerResults(Path folder, List<StoredImage> images) {
  static final String RECORD = "record.json";

  /** As workers name results. */
  private static final String OURS = "\\d{1,9}\\.(png|safetensors)";

  FormerResults {
    requireNonNull(folder, "folder");
    images = List.copyOf(images);
  }

  /** The images of the record; none if it is missing or unreadable, since it will be replaced. */
  static FormerResults in(Path folder) {
    try {
      byte[] json = Files.readAllBytes(folder.resolve(RECORD));
      return new FormerResults(folder, RenderRecord.fromJson(json).images());
    } catch (IOException | FarmException e) {
      return new FormerResults(folder, List.of());
    }
  }

  /**
   * Deletes those that are not among {@code images} and that are still what their record says.
   *
   * @throws UncheckedIOException when one cannot be deleted
   */
  void removeOthersThan(List<StoredImage> images) {
    List<String> kept = images.stream().map(StoredImage::key).toList();
    this.images.stream()
        .filter(old -> old.key().matches(OURS) && !kept.contains(old.key()))
        .forEach(this::remove);
  }

  private void remove(StoredImage old) {
    Path file = folder.resolve(old.key());
    try {
      if (Files.isRegularFile(file) && Sha256.hex(Files.readAllBytes(file)).equals(old.sha256())) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
