package farm.darkroom.submitter.dataset;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an earlier export's {@code metadata.jsonl} says of a picture.
 *
 * @param fileName of the picture, beside it
 * @param text the row as it stands there
 */
record FolderRow(String fileName, String text) {
  static final String FILE = "metadata.jsonl";

  /** The rows of a split's folder; none where there is no such file, and lines that are none. */
  static Stream<FolderRow> all(Path place) throws IOException {
    Path metadata = place.resolve(FILE);
    return Files.exists(metadata)
        ? Files.lines(metadata).flatMap(line -> read(line).stream())
        : Stream.empty();
  }

  private static Optional<FolderRow> read(String line) {
    try {
      String name = Json.parse(line).path("file_name").asText();
      return LostJobs.jobOf(name).isEmpty()
          ? Optional.empty()
          : Optional.of(new FolderRow(name, line));
    } catch (FarmException e) {
      // No row of an export's.
      return Optional.empty();
    }
  }

  /** The id of the job that the picture is of. */
  String job() {
    return LostJobs.jobOf(fileName);
  }
}
