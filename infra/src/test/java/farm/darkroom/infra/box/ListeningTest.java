package farm.darkroom.infra.box;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.infra.Typed;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a box listens. */
class ListeningTest {
  @TempDir static Path folder;

  @Test
  void onTheLoopbackAddressUnlessToldOtherwise() {
    try (FarmBox box = FarmBox.start(folder, 0, 0)) {
      assertThat(box.farm().kafka().bootstrap()).startsWith("127.0.0.1:");
      assertThat(box.farm().s3().endpoint().orElseThrow().getHost()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void onAnotherAddressOfThisMachine() {
    try (FarmBox box = FarmBox.start(folder.resolve("other"), "127.0.0.2", 0, 0)) {
      assertThat(box.variables().get("DARKROOM_KAFKA")).startsWith("127.0.0.2:");
      assertThat(box.variables().get("DARKROOM_S3_ENDPOINT")).startsWith("http://127.0.0.2:");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "::1", "no-such-host.invalid"})
  void notOnAllAddressesNorOnNone(String address) {
    Typed answer =
        Typed.run("up", "--workers", "0", "--data", folder.toString(), "--listen", address);
    assertThat(answer.code()).isEqualTo(2);
    assertThat(answer.err()).hasLineCount(1).contains("--listen: found '" + address + "'");
  }
}
