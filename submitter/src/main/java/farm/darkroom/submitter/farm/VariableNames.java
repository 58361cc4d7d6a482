package farm.darkroom.submitter.farm;

import farm.darkroom.common.json.NearMiss;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The names of all variables that darkroom and its scripts read, and what to say of others. */
public final class VariableNames {
  private static final String PREFIX = "DARKROOM_";

  /** Without the prefix, which would make all of them look alike. */
  private static final List<String> KNOWN =
      List.of(
          "DEVICE",
          "DTYPE",
          "FARM",
          "JAVA_OPTS",
          "KAFKA",
          "KAFKA_PROPERTIES",
          "LOG",
          "LOG_LABEL",
          "LOG_LEVEL",
          "MEMORY_LIMIT",
          "MODELS",
          "OFFLINE",
          "QUANTIZE",
          "QUEUE",
          "RESIDENCY",
          "S3_ACCESS_KEY",
          "S3_BUCKET",
          "S3_CA",
          "S3_ENDPOINT",
          "S3_PATH_STYLE",
          "S3_REGION",
          "S3_SECRET_KEY",
          "S3_SESSION_TOKEN",
          "S3_TIMEOUT_SECONDS",
          "THREADS");

  private VariableNames() {}

  public static boolean isKnown(String name) {
    return !name.startsWith(PREFIX) || KNOWN.contains(name.substring(PREFIX.length()));
  }

  /**
   * A line for each variable that looks like a misspelt one. Others may be somebody else's, such as
   * those that Kubernetes sets for each service.
   */
  public static List<String> misspelt(Map<String, String> environment) {
    return environment.entrySet().stream()
        .filter(variable -> !variable.getValue().isBlank() && !isKnown(variable.getKey()))
        .map(Map.Entry::getKey)
        .filter(name -> nearest(name).isPresent())
        .sorted()
        .map(VariableNames::complaint)
        .toList();
  }

  /** What to say of a name that is not known. */
  static String complaint(String name) {
    return "nothing reads %s%s".formatted(name, nearest(name).map(NearMiss::hint).orElse(""));
  }

  private static Optional<String> nearest(String name) {
    return NearMiss.find(name.substring(PREFIX.length()), KNOWN).map(near -> PREFIX + near);
  }
}
