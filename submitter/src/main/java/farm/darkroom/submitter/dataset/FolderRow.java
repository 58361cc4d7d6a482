package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A row of an earlier export's {@code metadata.jsonl}.
 *
 * @param fileName of the picture, beside it
 * @param text the row as it stands there
 */
record FolderRow(String fileName, String text) {
  static final String FILE = "metadata.jsonl";
  static final String NAME = "file_name";
  private static final Pattern OF_A_JOB = Pattern.compile("[0-9a-z]+-[^/\\\\]+");

  /**
   * Streams the rows of a split's {@code metadata.jsonl}, skipping lines that an export cannot have
   * written. Empty if there is no such file. The caller closes the stream.
   */
  static Stream<FolderRow> all(Path place) throws IOException {
    Path metadata = place.resolve(FILE);
    if (!Files.exists(metadata)) {
      return Stream.empty();
    }
    // What is no UTF-8 is no row either, and no reason to end.
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(Files.newInputStream(metadata), UTF_8));
    return lines.lines().onClose(() -> close(lines)).flatMap(line -> read(line).stream());
  }

  private static void close(BufferedReader lines) {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<FolderRow> read(String line) {
    try {
      String name = Json.parse(line).path(NAME).asText();
      return OF_A_JOB.matcher(name).matches()
          ? Optional.of(new FolderRow(name, line))
          : Optional.empty();
    } catch (FarmException e) {
      // No row of an export's.
      return Optional.empty();
    }
  }

  /** The row as a line of the file. */
  byte[] line() {
    return (text + "\n").getBytes(UTF_8);
  }

  /** The id of the job that the picture belongs to. */
  String job() {
    return JobsWithoutRecord.jobOf(fileName);
  }
}
