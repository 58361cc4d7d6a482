package farm.darkroom.common.json;

import farm.darkroom.common.FarmException;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects everything that is wrong with a document, so that its author sees all problems at once.
 */
public final class Problems {
  private static final int MOST_SHOWN = 20;
  private final List<String> lines = new ArrayList<>();

  /**
   * Adds a problem.
   *
   * @param path a JSON path such as {@code $.refiner.strength}
   * @param text what was found and what is allowed
   */
  public void add(String path, String text) {
    lines.add(path + ": " + text);
  }

  /** In the order found. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  /**
   * Ends reading when there are problems.
   *
   * @throws FarmException INVALID_JOB with all problems on one line, when there are any
   */
  public void throwIfAny() {
    if (!lines.isEmpty()) {
      throw FarmException.invalidJob(oneLine());
    }
  }

  private String oneLine() {
    int more = lines.size() - MOST_SHOWN;
    String shown = String.join(" | ", lines.subList(0, Math.min(MOST_SHOWN, lines.size())));
    return more > 0 ? shown + " | and " + more + " more" : shown;
  }
}
