package farm.darkroom.submitter.submit;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognises job files that are a single JSON value, pretty-printed or a list. All other files have
 * one job per line.
 *
 * @param name a file of this name says by its ending what it is to be
 */
record JsonJobsFile(String name) {
  /** In characters; what is longer is read line by line. */
  private static final int LONGEST = 4 << 20;

  private static final String WHOLE = ".json";

  /** How the first line of an object over several lines ends, and no line of jobs does. */
  private static final Pattern OPEN = Pattern.compile(".*([\\[{]|[^}\\]],)\\s*");

  /**
   * The value; empty, with nothing read, when the text is a job a line.
   *
   * @throws FarmException INVALID_JOB for what is to be one value and is none
   */
  Optional<JsonNode> read(BufferedReader text) throws IOException {
    text.mark(LONGEST + 1);
    String whole = isOpened(text) ? rest(text) : "";
    text.reset();
    if (whole.length() > LONGEST) {
      refuseOneValue(whole.strip());
      return Optional.empty();
    }
    return Optional.of(whole.strip()).filter(JsonJobsFile::isMoreThanALine).flatMap(this::parsed);
  }

  /** Its lines are no jobs, and each would be complained of. */
  private static void refuseOneValue(String text) {
    int line = text.indexOf('\n');
    boolean list = text.replace("\uFEFF", "").startsWith("[");
    if (list || (line >= 0 && OPEN.matcher(text.substring(0, line)).matches())) {
      throw FarmException.invalidJob(
          "found one value of more than 4 MiB, allowed: 4 MiB; with a job on each line it may be"
              + " longer (jq -c '.[]' makes such a file of a list)");
    }
  }

  /** Whether the first character is one that a JSON value of several lines begins with. */
  private static boolean isOpened(BufferedReader text) throws IOException {
    int c = text.read();
    for (int i = 1; i < LONGEST && (Character.isWhitespace(c) || c == '\uFEFF'); i++) {
      c = text.read();
    }
    boolean opened = c == '{' || c == '[';
    text.reset();
    return opened;
  }

  /** All of it, or one character more than is read as one value. */
  private static String rest(BufferedReader text) throws IOException {
    StringBuilder whole = new StringBuilder();
    char[] part = new char[1 << 13];
    int count = text.read(part);
    while (count > 0) {
      whole.append(part, 0, count);
      count = text.read(part, 0, Math.min(part.length, LONGEST + 1 - whole.length()));
    }
    return whole.toString();
  }

  private static boolean isMoreThanALine(String text) {
    return text.indexOf('\n') >= 0 || text.replace("\uFEFF", "").startsWith("[");
  }

  private Optional<JsonNode> parsed(String text) {
    try {
      return Optional.of(Json.parse(text));
    } catch (FarmException e) {
      String first = text.lines().findFirst().orElseThrow();
      if (OPEN.matcher(first).matches() || (name.endsWith(WHOLE) && !isValue(first))) {
        throw e;
      }
      return Optional.empty();
    }
  }

  private static boolean isValue(String line) {
    try {
      return !Json.parse(line).isMissingNode();
    } catch (FarmException e) {
      return false;
    }
  }
}
