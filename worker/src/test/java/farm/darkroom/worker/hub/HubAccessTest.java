package farm.darkroom.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubAccessTest {
  @TempDir private Path home;

  @Test
  void endpointIsTheFlagThenTheVariableThenTheHub() {
    Map<String, String> environment = Map.of("HF_ENDPOINT", "http://mirror:8080/");
    assertThat(HubAccess.of(Optional.of("https://typed/"), environment, home).endpoint())
        .isEqualTo(URI.create("https://typed"));
    assertThat(HubAccess.of(Optional.empty(), environment, home).endpoint())
        .isEqualTo(URI.create("http://mirror:8080"));
    assertThat(HubAccess.of(Optional.empty(), Map.of(), home).endpoint())
        .isEqualTo(URI.create("https://huggingface.co"));
    assertThatThrownBy(() -> HubAccess.of(Optional.of("ftp://x"), Map.of(), home))
        .hasMessage("endpoint 'ftp://x': expected https://HOST or http://HOST");
  }

  @Test
  void tokenIsThatOfTheVariableThenThatOfTheFile() throws IOException {
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "hf_file\n");
    assertThat(header(Map.of())).contains("Bearer hf_file");
    assertThat(header(Map.of("HF_TOKEN", "hf_variable"))).contains("Bearer hf_variable");
    assertThat(header(Map.of("HF_TOKEN_PATH", "/none"))).isEmpty();
  }

  @Test
  void otherPortAndOtherSchemeAreOtherHosts() {
    HubAccess access =
        new HubAccess(URI.create("https://hub:8443"), Optional.of(new AccessToken("hf_x")));
    assertThat(access.authorization(URI.create("https://hub:8443/a"))).isPresent();
    assertThat(access.authorization(URI.create("https://hub/a"))).isEmpty();
    assertThat(access.authorization(URI.create("http://hub:8443/a"))).isEmpty();
    assertThat(access.authorization(URI.create("https://cdn.hub:8443/a"))).isEmpty();
    assertThat(access.toString()).doesNotContain("hf_x");
  }

  private Optional<String> header(Map<String, String> environment) {
    HubAccess access = HubAccess.of(Optional.empty(), environment, home);
    return access.authorization(access.endpoint());
  }
}
