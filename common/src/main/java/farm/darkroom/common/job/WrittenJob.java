package farm.darkroom.common.job;

import farm.darkroom.common.json.Found;
import java.util.Optional;

/** Texts that people give for a job and a JSON parser would complain of in its own words. */
public final class WrittenJob {
  private static final String EXAMPLE = "{\"model\": \"demo\", \"prompt\": \"a red cube\"}";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private WrittenJob() {}

  /** What is wrong with a text that is no JSON at all; empty for what a parser is to read. */
  public static Optional<String> complaint(String text) {
    String written = text.replace(BYTE_ORDER_MARK, "").strip();
    return written.isEmpty() || "{[\"".indexOf(written.charAt(0)) >= 0
        ? Optional.empty()
        : Optional.of(
            "found %s, expected a job in JSON, such as %s"
                .formatted(Found.quoted(written.lines().findFirst().orElseThrow()), EXAMPLE));
  }

  /** The same for a line that is to be a whole job. */
  public static Optional<String> complaintOfLine(String line) {
    String written = line.strip();
    return written.startsWith("{") && !written.endsWith("}") && !written.endsWith("},")
        ? Optional.of(
            "found a job that does not end on its line, expected a whole one on each line; one"
                + " job over several lines goes into a file that ends in .json")
        : complaint(line);
  }
}
