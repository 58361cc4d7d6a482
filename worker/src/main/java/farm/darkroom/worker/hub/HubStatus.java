package farm.darkroom.worker.hub;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Explains the hub's HTTP status codes to the user. */
record HubStatus(HubAccess access, RepositoryId id) {
  private static final Set<Integer> LATER = Set.of(408, 429, 500, 502, 503, 504);
  private static final Pattern RESET = Pattern.compile(";\\s*t=(\\d{1,6})");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");

  /**
   * Lets 200 and 206 pass.
   *
   * @param what was asked for
   * @throws RetryLater where that may help
   * @throws HubException where it does not
   */
  void check(String what, int status, HttpHeaders headers) throws RetryLater {
    if (status == 200 || status == 206) {
      return;
    }
    if (LATER.contains(status)) {
      throw new RetryLater("the hub answers " + status + meaning(status), asked(headers));
    }
    throw HubException.refused("%s: %s".formatted(what, refusal(status, headers)));
  }

  private String refusal(int status, HttpHeaders headers) {
    String code = headers.firstValue("X-Error-Code").orElse("");
    return switch (status) {
      case 401 -> unauthorised(code);
      case 403 -> gated(status);
      case 404 -> missing(code);
      default -> "the hub answers " + status;
    };
  }

  private String unauthorised(String code) {
    if (code.equals("GatedRepo")) {
      return gated(401);
    }
    return access.token().isPresent()
        ? "not there, or private and the token in use may not read it (401)"
        : "not there, or private and a token is needed (401): set HF_TOKEN";
  }

  private String gated(int status) {
    String page = access.endpoint() + "/" + id.id();
    return access.token().isPresent()
        ? "the token in use may not read it (%d); a gated model's terms are accepted on %s"
            .formatted(status, page)
        : "a token is needed (%d): accept the model's terms on %s and set HF_TOKEN"
            .formatted(status, page);
  }

  private String missing(String code) {
    if (code.equals("RevisionNotFound")) {
      return "there is no revision " + id.revision().orElse(RepositoryId.MAIN) + " (404)";
    }
    return code.equals("EntryNotFound")
        ? "there is no such file (404)"
        : "there is no such model on " + access.endpoint() + " (404)";
  }

  private static String meaning(int status) {
    return switch (status) {
      case 429 -> " (too many requests)";
      case 500, 502, 503, 504 -> " (it has a fault, or is down)";
      default -> "";
    };
  }

  /** Retry-After in seconds, or the time to the reset of a RateLimit header. */
  private static Optional<Duration> asked(HttpHeaders headers) {
    Optional<String> retry =
        headers.firstValue("Retry-After").filter(text -> SECONDS.matcher(text).matches());
    Optional<String> reset =
        headers
            .firstValue("RateLimit")
            .map(RESET::matcher)
            .filter(Matcher::find)
            .map(found -> found.group(1));
    return retry.or(() -> reset).map(Long::parseLong).map(Duration::ofSeconds);
  }
}
