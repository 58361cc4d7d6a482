package farm.darkroom.worker.hub;

import farm.darkroom.common.DiskReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A Hugging Face access token. It is never printed. */
final class AccessToken {
  private final String secret;

  AccessToken(String secret) {
    this.secret = secret;
  }

  /**
   * Where huggingface_hub looks: HF_TOKEN, then the file that {@code hf auth login} writes
   * (HF_TOKEN_PATH, else {@code token} in HF_HOME).
   */
  static Optional<AccessToken> of(Map<String, String> environment, Path home) {
    Path file =
        HubCache.path(environment, "HF_TOKEN_PATH", home)
            .orElseGet(() -> HubCache.hfHome(environment, home).resolve("token"));
    return Stream.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")
        .flatMap(name -> clean(environment.get(name)).stream())
        .findFirst()
        .or(() -> read(file))
        .map(AccessToken::new);
  }

  String header() {
    return "Bearer " + secret;
  }

  private static Optional<String> read(Path file) {
    try {
      return Files.isRegularFile(file) ? clean(Files.readString(file)) : Optional.empty();
    } catch (IOException e) {
      throw HubException.refused(file + ": the token cannot be read: " + DiskReason.of(e));
    }
  }

  private static Optional<String> clean(String text) {
    return Optional.ofNullable(text)
        .map(value -> value.replaceAll("\\s", ""))
        .filter(value -> !value.isEmpty());
  }

  @Override
  public String toString() {
    return "(a token)";
  }
}
