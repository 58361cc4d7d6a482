package farm.darkroom.submitter.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds files that would silently become part of a dataset because they lie in its folder. */
final class ForeignFiles {
  private ForeignFiles() {}

  /**
   * @throws IOException when {@code folder} holds a file that {@code counts} and is not expected
   */
  static void refuse(Path folder, Predicate<String> counts, Set<String> expected)
      throws IOException {
    Optional<String> stranger = among(folder, counts, expected).stream().findFirst();
    if (stranger.isPresent()) {
      throw new IOException(
          "%s holds %s, which is not of this batch; remove it or choose another folder"
              .formatted(folder, stranger.get()));
    }
  }

  /** The sorted names of files in {@code folder} that match {@code counts} and are not expected. */
  static List<String> among(Path folder, Predicate<String> counts, Set<String> expected)
      throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> counts.test(name) && !expected.contains(name))
          .sorted()
          .toList();
    }
  }
}
