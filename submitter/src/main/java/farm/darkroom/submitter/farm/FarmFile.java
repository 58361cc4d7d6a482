package farm.darkroom.submitter.farm;

import farm.darkroom.common.DiskReason;
import farm.darkroom.common.FarmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A file of {@code DARKROOM_...=value} lines, as {@code darkroom up} writes it. */
final class FarmFile {
  /** Where {@code up} puts it unless told otherwise, from the folder one stands in. */
  static final Path DEFAULT = Path.of("darkroom-data", "farm.env");

  private static final String VARIABLE = "DARKROOM_FARM";
  private static final String EXPORT = "export ";

  private FarmFile() {}

  /**
   * What a command goes by: a file that was typed counts more than the environment, one that was
   * only found counts less.
   *
   * @param warn is told of each name in a file that nothing reads
   * @throws FarmException INVALID_JOB when a file that was named cannot be read
   */
  static Map<String, String> over(
      Optional<Path> typed, Map<String, String> environment, Consumer<String> warn) {
    Map<String, String> variables = new HashMap<>();
    found(environment).ifPresent(file -> variables.putAll(read(file, warn)));
    environment.forEach(
        (name, value) -> {
          if (!value.isBlank()) {
            variables.put(name, value);
          }
        });
    typed.ifPresent(file -> variables.putAll(read(file, warn)));
    return variables;
  }

  /** Whether a variable or a file in its usual place says which farm it is. */
  static boolean isNamed(Map<String, String> environment) {
    return found(environment).isPresent()
        || environment.entrySet().stream()
            .filter(variable -> !variable.getValue().isBlank())
            .anyMatch(variable -> variable.getKey().matches("DARKROOM_(KAFKA|S3_).*"));
  }

  private static Optional<Path> found(Map<String, String> environment) {
    String named = environment.getOrDefault(VARIABLE, "");
    return named.isBlank()
        ? Optional.of(DEFAULT).filter(Files::isRegularFile)
        : Optional.of(Path.of(named));
  }

  private static Map<String, String> read(Path file, Consumer<String> warn) {
    if (Files.isDirectory(file)) {
      throw FarmException.invalidJob(
          "farm file %s: it is a folder, allowed: a file such as %s"
              .formatted(file, file.resolve(DEFAULT.getFileName())));
    }
    Map<String, String> variables = new HashMap<>();
    try {
      List<String> lines = Files.readAllLines(file);
      for (int i = 0; i < lines.size(); i++) {
        String where = file + ", line " + (i + 1) + ": ";
        variable(lines.get(i).strip(), where)
            .ifPresent(
                variable -> {
                  if (!VariableNames.isKnown(variable.getKey())) {
                    warn.accept(where + VariableNames.complaint(variable.getKey()));
                  }
                  variables.put(variable.getKey(), variable.getValue());
                });
      }
      return variables;
    } catch (IOException e) {
      throw FarmException.invalidJob(
          "farm file %s cannot be read: %s; 'darkroom up' writes one"
              .formatted(file, DiskReason.of(e)));
    }
  }

  private static Optional<Map.Entry<String, String>> variable(String line, String where) {
    if (line.isEmpty() || line.startsWith("#")) {
      return Optional.empty();
    }
    String pair = line.startsWith(EXPORT) ? line.substring(EXPORT.length()) : line;
    int sign = pair.indexOf('=');
    if (sign < 1) {
      throw FarmException.invalidJob(where + "found no NAME=VALUE");
    }
    return Optional.of(
        Map.entry(pair.substring(0, sign).strip(), unquoted(pair.substring(sign + 1).strip())));
  }

  private static String unquoted(String value) {
    boolean quoted = value.matches("'.*'|\".*\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
