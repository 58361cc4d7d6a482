package farm.darkroom.infra;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The variables that {@code logback.xml} needs; without a valid value it would log nothing. */
final class LogSettings {
  /** What a line of the log looks like. */
  static final String FORM = "DARKROOM_LOG";

  private static final String LEVEL = "DARKROOM_LOG_LEVEL";
  private static final Set<String> LEVELS =
      Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "OFF");

  private LogSettings() {}

  /** What is wrong with them, if anything is. */
  static Optional<String> complaint(Map<String, String> environment) {
    String form = form(environment);
    String level = environment.getOrDefault(LEVEL, "");
    if (!form.equals("text") && !form.equals("json")) {
      return Optional.of("%s: found '%s', allowed: text and json".formatted(FORM, form));
    }
    return level.isEmpty() || LEVELS.contains(level.toUpperCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of(
            "%s: found '%s', allowed: TRACE, DEBUG, INFO, WARN, ERROR and OFF"
                .formatted(LEVEL, level));
  }

  /** The form that is meant, an empty variable being none; as typed where it is wrong. */
  static String form(Map<String, String> environment) {
    String form = environment.getOrDefault(FORM, "");
    return form.isEmpty() ? "text" : form;
  }
}
