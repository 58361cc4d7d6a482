package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The hub's address and the user's token. The token is sent to the hub itself, never to where it
 * redirects.
 *
 * @param endpoint such as {@code https://huggingface.co}, without a slash at its end
 */
public record HubAccess(URI endpoint, Optional<AccessToken> token) {
  private static final String NO_HUB = "endpoint '%s': expected https://HOST or http://HOST";
  private static final String DEFAULT = "https://huggingface.co";

  public HubAccess {
    requireNonNull(token, "token");
    String scheme = String.valueOf(endpoint.getScheme());
    if (!scheme.matches("https?") || endpoint.getHost() == null) {
      throw HubException.refused(NO_HUB.formatted(endpoint));
    }
  }

  /**
   * The hub of this environment.
   *
   * @param typed goes before HF_ENDPOINT, which goes before huggingface.co
   */
  public static HubAccess of(Optional<String> typed, Map<String, String> environment, Path home) {
    String endpoint =
        typed
            .or(() -> Optional.ofNullable(environment.get("HF_ENDPOINT")))
            .filter(text -> !text.isBlank())
            .orElse(DEFAULT)
            .strip()
            .replaceAll("/+$", "");
    try {
      return new HubAccess(URI.create(endpoint), AccessToken.of(environment, home));
    } catch (IllegalArgumentException e) {
      throw HubException.refused(NO_HUB.formatted(endpoint));
    }
  }

  /** A resource of the hub; {@code path} is encoded already. */
  URI resolve(String path) {
    return URI.create(endpoint + path);
  }

  /** The header for a request to {@code uri}: empty for every other host. */
  Optional<String> authorization(URI uri) {
    boolean same =
        endpoint.getScheme().equals(uri.getScheme())
            && endpoint.getHost().equalsIgnoreCase(uri.getHost())
            && endpoint.getPort() == uri.getPort();
    return same ? token.map(AccessToken::header) : Optional.empty();
  }
}
