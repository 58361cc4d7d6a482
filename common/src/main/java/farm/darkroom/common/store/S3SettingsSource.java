package farm.darkroom.common.store;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Looks settings up in the flags first, then in the {@code DARKROOM_S3_*} variables. */
record S3SettingsSource(Map<String, String> flags, Map<String, String> environment) {

  S3Settings read() {
    Optional<URI> endpoint = find("endpoint").map(S3SettingsSource::address);
    return new S3Settings(
        endpoint,
        find("region"),
        find("bucket").orElse(S3Settings.DEFAULT_BUCKET),
        find("path-style").map(S3SettingsSource::flag).orElse(endpoint.isPresent()),
        credentials(),
        find("ca").or(() -> given("AWS_CA_BUNDLE")).map(Path::of),
        find("timeout-seconds").map(S3SettingsSource::seconds).orElse(S3Settings.DEFAULT_TIMEOUT));
  }

  private Optional<S3Credentials> credentials() {
    Optional<String> access = find("access-key");
    Optional<String> secret = find("secret-key");
    if (access.isPresent() != secret.isPresent()) {
      String missing = access.isPresent() ? "secret-key" : "access-key";
      throw S3Settings.refused(
          "access key and secret key belong together; give %s too".formatted(variable(missing)));
    }
    return access.map(key -> new S3Credentials(key, secret.orElseThrow(), find("session-token")));
  }

  /** A blank value counts as not given, as in {@code DARKROOM_S3_REGION= darkroom submit}. */
  private Optional<String> find(String name) {
    return Optional.ofNullable(flags.get(name)).or(() -> given(variable(name))).flatMap(this::text);
  }

  private Optional<String> given(String variable) {
    return Optional.ofNullable(environment.get(variable)).flatMap(this::text);
  }

  private Optional<String> text(String value) {
    return Optional.of(value.strip()).filter(stripped -> !stripped.isEmpty());
  }

  private static String variable(String name) {
    return "DARKROOM_S3_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private static URI address(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw S3Settings.noAddress(text);
    }
  }

  private static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "1" -> true;
      case "false", "no", "0" -> false;
      default ->
          throw S3Settings.refused("path-style '%s' is neither true nor false".formatted(text));
    };
  }

  private static Duration seconds(String text) {
    try {
      return Duration.ofMillis(Math.round(Double.parseDouble(text) * 1000));
    } catch (NumberFormatException e) {
      throw S3Settings.refused("timeout-seconds '%s' is no number".formatted(text));
    }
  }
}
