package farm.darkroom.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes of a model, to whom, and what is refused. */
class PullTest extends TinyModelOnAHub {

  @Test
  void snapshotIsWhatTheHubHasAndIsFoundByItsName() throws IOException {
    PullResult pulled = pull("org/tiny");
    assertThat(cache.find(ID, Optional.empty())).contains(pulled.place());
    assertThat(cache.find(ID, Optional.of(FakeHub.COMMIT))).contains(pulled.place());
    assertThat(paths(pulled.place()))
        .containsExactly(
            "model_index.json",
            "tokenizer/merges.txt",
            "tokenizer_2/merges.txt",
            "unet/config.json",
            UNET);
    assertThat(pulled.place().resolve(UNET)).hasBinaryContent(hub.files.get(UNET));
    assertThat(Files.readSymbolicLink(pulled.place().resolve(UNET)))
        .isEqualTo(Path.of("../../../blobs", Hashes.sha256(hub.files.get(UNET))));
    assertThat(left()).isEmpty();
  }

  @Test
  void largeFileComesInParts() {
    pull(ID);
    assertThat(hub.askedOf(true))
        .extracting(asked -> asked.range().orElseThrow())
        .hasSize(10)
        .contains("bytes=0-999", "bytes=9000-9004");
  }

  @Test
  void whatIsHereIsNotFetchedAgain() {
    pull(ID);
    hub.asked.clear();
    assertThat(pull(ID).received()).isZero();
    assertThat(hub.asked).hasSize(1);
  }

  @Test
  void tokenGoesToTheHubAndToNobodyElse() {
    hub.token = Optional.of("hf_secret");
    pull(ID, Optional.of("hf_secret"));
    assertThat(hub.askedOf(false)).allMatch(a -> a.token().equals(Optional.of("Bearer hf_secret")));
    assertThat(hub.askedOf(true)).isNotEmpty().allMatch(a -> a.token().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void gatedModelAsksForATokenAndItsTerms(int status) {
    hub.token = Optional.of("hf_secret");
    hub.refusal = status;
    refused(ID, "org/tiny: a token is needed (%d): accept the model's terms on ".formatted(status));
    assertThatThrownBy(() -> pull(ID, Optional.of("hf_other")))
        .hasMessageContaining("the token in use may not read it (%d)".formatted(status))
        .hasMessageNotContaining("hf_other");
  }

  @Test
  void unknownModelAndRevisionAreNamed() {
    refused("org/other", "org/other: there is no such model on " + hub.endpoint() + " (404)");
    refused("org/tiny@v2", "org/tiny@v2: there is no revision v2 (404)");
    refused("../x", "'../x' is no name of a repository");
    assertThat(cache.folder()).doesNotExist();
  }

  @Test
  void diskThatIsTooSmallIsSaidBeforeAnythingComes() {
    assertThatThrownBy(() -> DiskSpace.check(machine, 1L << 60))
        .hasMessageContaining("1.2 EB are still to come, the disk has ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/../../x", "/x", "a//b", ".", "a\\b"})
  void pathThatLeavesTheRepositoryIsRefused(String path) {
    hub.with(path, "x");
    assertThatThrownBy(() -> pull(ID)).hasMessageContaining("the hub lists a file '" + path + "'");
  }

  @Test
  @SuppressWarnings("try") // held while the other tries
  void secondPullOfTheSameModelIsKeptOut() {
    try (Destination held =
        new CacheDestination(cache, RepositoryId.parse(ID, Optional.empty()), true)) {
      refused(ID, "org/tiny: another pull of it is running");
    }
  }

  private void refused(String name, String begins) {
    assertThatThrownBy(() -> pull(name))
        .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.isRefused()).isTrue())
        .hasMessageStartingWith(begins);
  }
}
