package farm.darkroom.common.job;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import farm.darkroom.common.json.TextRules;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** The rules for names from outside: batches, queues, labels and models. */
public final class Names {
  private static final int LONGEST_REFERENCE = 1024;
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
  private static final String PLAIN_WORDS =
      "letters, digits, '.', '_' and '-', beginning with a letter or digit, without '..'";

  private Names() {}

  /**
   * Lets a batch's name through: it becomes a part of keys in the store.
   *
   * @throws FarmException INVALID_JOB
   */
  public static String requireBatch(String name) {
    return require("batch name", name, 128);
  }

  /** A batch's name in JSON. */
  static JsonType<String> batch() {
    return plain(128);
  }

  static JsonType<String> plain(int longest) {
    return JsonTypes.text(longest).refuse(name -> plainComplaint(name, longest));
  }

  /**
   * A model, or a file of weights: a bare name, a hub id {@code org/name}, either with {@code
   * @revision}, or a path of the worker's machine that begins with /, ./ or ../.
   */
  static JsonType<String> model() {
    return JsonTypes.text(LONGEST_REFERENCE).refuse(Names::modelComplaint);
  }

  private static String require(String what, String name, int longest) {
    plainComplaint(name, longest)
        .ifPresent(
            text -> {
              throw FarmException.invalidJob(what + ": " + text);
            });
    return name;
  }

  private static Optional<String> plainComplaint(String name, int longest) {
    boolean fine =
        name.length() <= longest && PLAIN.matcher(name).matches() && !name.contains("..");
    return fine
        ? Optional.empty()
        : Optional.of(
            "found "
                + Found.quoted(name)
                + ", allowed: 1 to "
                + longest
                + " characters: "
                + PLAIN_WORDS);
  }

  static Optional<String> modelComplaint(String name) {
    boolean path = name.startsWith("/") || name.startsWith("./") || name.startsWith("../");
    boolean climbs = !path && Arrays.asList(name.split("/", -1)).contains("..");
    boolean odd = name.isBlank() || !name.strip().equals(name) || name.contains("://");
    boolean empty = !path && Arrays.asList(name.split("/", -1)).contains("");
    if (climbs || odd || empty || name.startsWith("@")) {
      return Optional.of(
          "found "
              + Found.quoted(name)
              + ", allowed: a model's name, a hub id such as org/name@revision, or a path that"
              + " begins with /, ./ or ../");
    }
    return TextRules.lineComplaint(name, LONGEST_REFERENCE);
  }
}
