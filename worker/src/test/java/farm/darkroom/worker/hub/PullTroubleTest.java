package farm.darkroom.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.worker.hub.FakeHub.Fault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Hubs that are busy, lie or hang up, and pulls that go on where they stopped. */
class PullTroubleTest extends TinyModelOnAHub {

  @Test
  void downloadThatIsCutOffGoesOnWithTheNextTry() {
    hub.faults.addAll(List.of(new Fault.Cut(300), new Fault.Cut(0), new Fault.Cut(700)));
    assertThat(pull(ID).place().resolve(UNET)).hasBinaryContent(hub.files.get(UNET));
    assertThat(hub.askedOf(true))
        .extracting(asked -> asked.range().orElseThrow())
        .contains("bytes=300-999");
  }

  @Test
  void pullThatWasInterruptedGoesOnWhereItStopped() {
    for (int i = 0; i < 40; i++) {
      hub.faults.add(i == 0 ? new Fault.Cut(PART / 2) : new Fault.Status(503, Map.of()));
    }
    assertThatThrownBy(() -> pull(ID)).hasMessageContaining("gave up after 4 tries");
    assertThat(cache.find(ID, Optional.empty())).isEmpty();
    hub.faults.clear();
    hub.asked.clear();
    assertThat(pull(ID).place().resolve(UNET)).hasBinaryContent(hub.files.get(UNET));
  }

  @Test
  void partsThatCameAreNotFetchedAgain() throws IOException {
    pull(ID);
    RemoteFile unet = remote(UNET);
    Blobs blobs = new Blobs(cache.blobs(ID));
    Files.move(blobs.path(unet), blobs.partial(unet));
    Files.delete(cache.ref(ID, "main"));
    Files.writeString(
        blobs.journal(unet), "9005 bytes in parts of 1000\n0.\n1.\n2.\n3.\n4.\n5.\n7.\n8");
    hub.asked.clear();
    assertThat(pull(ID).received()).isEqualTo(1000 + 1000 + 5);
    assertThat(hub.askedOf(true))
        .extracting(asked -> asked.range().orElseThrow())
        .containsExactlyInAnyOrder("bytes=6000-6999", "bytes=8000-8999", "bytes=9000-9004");
  }

  @Test
  void wrongBytesAreRefusedAndRemoved() throws IOException {
    hub.faults.add(new Fault.Corrupt());
    assertThatThrownBy(() -> pull(ID))
        .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.isRefused()).isFalse())
        .hasMessageContaining(UNET + ": SHA-256 ")
        .hasMessageContaining("the hub says " + Hashes.sha256(hub.files.get(UNET)));
    assertThat(left()).isEmpty();
    assertThat(cache.find(ID, Optional.empty())).isEmpty();
    pull(ID);
  }

  @Test
  void serverWithoutRangesSendsTheFileInOnePiece() {
    hub.ranges = false;
    hub.faults.add(new Fault.Cut(5000));
    assertThat(pull(ID).place().resolve(UNET)).hasBinaryContent(hub.files.get(UNET));
  }

  @Test
  void hubThatIsBusyIsAskedLater() {
    hub.faults.add(new Fault.Listing(429, Map.of("Retry-After", "7")));
    hub.faults.add(new Fault.Listing(502, Map.of()));
    hub.faults.add(new Fault.Status(429, Map.of("RateLimit", "\"resolvers\";r=0;t=11")));
    hub.faults.add(new Fault.Status(500, Map.of()));
    pull(ID);
    assertThat(waits).contains(Duration.ofSeconds(7), Duration.ofSeconds(11));
  }

  @Test
  void hubThatStaysBusyIsGivenUp() {
    for (int i = 0; i < 9; i++) {
      hub.faults.add(new Fault.Listing(429, Map.of("Retry-After", "86400")));
    }
    assertThatThrownBy(() -> pull(ID))
        .hasMessage("org/tiny: the hub answers 429 (too many requests); gave up after 4 tries");
    assertThat(waits).containsOnly(Duration.ofMinutes(2)).hasSize(3);
  }

  @Test
  void hubThatDoesNotAnswerIsNamed() {
    HubAccess nobody = new HubAccess(URI.create("http://127.0.0.1:1"), Optional.empty());
    List<String> told = new ArrayList<>();
    Retries retries = new Retries(HubLimits.standard(1), waits::add, nobody.endpoint(), told::add);
    HubHttp http = new HubHttp(nobody, Duration.ofSeconds(10));
    Retries.Attempt<?> attempt =
        () -> http.get(nobody.resolve("/x"), Optional.empty(), BodyHandlers.discarding(), () -> 0);
    assertThatThrownBy(() -> retries.run("me/x", attempt))
        .hasMessage("me/x: no connection to http://127.0.0.1:1; gave up after 6 tries");
    assertThat(told).containsOnly("me/x: no connection to http://127.0.0.1:1").hasSize(5);
  }

  @Test
  void silentConnectionIsGivenUpAndTriedAgain() {
    stall = Duration.ofSeconds(1);
    hub.faults.add(new Fault.Silence(100));
    assertThat(pull(ID).place().resolve(UNET)).hasBinaryContent(hub.files.get(UNET));
    assertThat(hub.askedOf(true))
        .extracting(asked -> asked.range().orElseThrow())
        .contains("bytes=100-999");
  }

  @Test
  void redirectIsFollowedButNotForEver() {
    Fault.Status redirect = new Fault.Status(302, Map.of("Location", "/" + UNET));
    hub.faults.add(redirect);
    assertThat(pull(ID).place().resolve(UNET)).hasBinaryContent(hub.files.get(UNET));
    hub.files.put(UNET, "changed".getBytes(StandardCharsets.UTF_8));
    hub.faults.addAll(Collections.nCopies(100, redirect));
    assertThatThrownBy(() -> pull(ID))
        .hasMessageContaining(UNET + ": more than 5 redirects from " + hub.endpoint());
  }

  @Test
  void answerThatIsNoListingIsRefused() {
    hub.faults.add(new Fault.Listing(200, Map.of()));
    assertThatThrownBy(() -> pull(ID))
        .hasMessage("org/tiny: the hub answers with commit '' and 0 files");
  }

  @Test
  void hubThatIsNotThereIsNamed() {
    hub.close();
    assertThatThrownBy(() -> pull(ID)).hasMessageContaining("org/tiny: ").hasMessageContaining("4");
  }

  private RemoteFile remote(String path) {
    byte[] bytes = hub.files.get(path);
    return new RemoteFile(path, bytes.length, Hashes.git(bytes), Optional.of(Hashes.sha256(bytes)));
  }
}
