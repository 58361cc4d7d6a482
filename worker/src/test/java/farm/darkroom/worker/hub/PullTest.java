package farm.darkroom.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.worker.hub.FakeHub.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PullTest {
  private static final String ID = "org/tiny";
  private static final String UNET = "unet/diffusion_pytorch_model.safetensors";
  private static final int PART = 1000;
  private static final int LARGE = 9 * PART + 5;

  @TempDir private Path machine;
  private final ConcurrentLinkedQueue<Duration> waits = new ConcurrentLinkedQueue<>();
  private Duration stall = Duration.ofSeconds(20);
  private FakeHub hub;
  private HubCache cache;

  @BeforeEach
  void publish() throws IOException {
    hub = new FakeHub(ID);
    cache = new HubCache(machine.resolve("hub"));
    hub.with(
            "model_index.json",
            "{\"_class_name\": \"X\", \"unet\": [\"d\", \"U\"], \"tokenizer\": [\"t\", \"C\"],"
                + " \"tokenizer_2\": [\"t\", \"C\"], \"text_encoder\": [null, null]}")
        .with("unet/config.json", "{}")
        .with("tokenizer/merges.txt", "a b")
        .with("tokenizer_2/merges.txt", "a b")
        .with("README.md", "# not needed");
    byte[] weights = new byte[LARGE];
    new Random(1).nextBytes(weights);
    hub.files.put(UNET, weights);
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void snapshotIsWhatTheHubHasAndIsFoundByItsName() throws IOException {
    Pulled pulled = pull("org/tiny");
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
    pull(ID, Optional.of("hf_secret"), Optional.empty());
    assertThat(hub.askedOf(false)).allMatch(a -> a.token().equals(Optional.of("Bearer hf_secret")));
    assertThat(hub.askedOf(true)).isNotEmpty().allMatch(a -> a.token().isEmpty());
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void gatedModelAsksForATokenAndItsTerms(int status) {
    hub.token = Optional.of("hf_secret");
    hub.refusal = status;
    refused(ID, "org/tiny: a token is needed (%d): accept the model's terms on ".formatted(status));
    assertThatThrownBy(() -> pull(ID, Optional.of("hf_other"), Optional.empty()))
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

  @Test
  void diskThatIsTooSmallIsSaidBeforeAnythingComes() {
    assertThatThrownBy(() -> Space.check(machine, 1L << 60))
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

  @Test
  void folderOfModelsGetsRealFilesUnderTheNameThatJobsUse() throws IOException {
    Path models = machine.resolve("models");
    Pulled pulled = folder(models, "org/tiny@v1");
    assertThat(pulled.place()).isEqualTo(models.resolve("org/tiny@v1"));
    assertThat(pulled.place().resolve(UNET)).hasBinaryContent(hub.files.get(UNET));
    assertThat(Files.isSymbolicLink(pulled.place().resolve(UNET))).isFalse();
    assertThat(folder(models, "org/tiny@v1").received())
        .as("the index says which files are needed")
        .isEqualTo(hub.files.get("model_index.json").length);
    Files.writeString(pulled.place().resolve("unet/config.json"), "{ }");
    assertThatThrownBy(() -> folder(models, "org/tiny@v1"))
        .hasMessageContaining("unet/config.json is not what the hub has");
  }

  @Test
  void folderOfModelsShowsNothingBeforeItIsWhole() throws IOException {
    Path models = machine.resolve("models");
    hub.faults.add(new Fault.Corrupt());
    assertThatThrownBy(() -> folder(models, ID)).hasMessageContaining("SHA-256");
    assertThat(models.resolve("org")).doesNotExist();
  }

  @Test
  void oneFileComesAloneAndOthersBesideIt() throws IOException {
    Path models = machine.resolve("models");
    RepositoryId id = RepositoryId.parse(ID, Optional.empty());
    hub.with("style.safetensors", "one").with("sub/word.safetensors", "two");
    Pulled style = puller(Optional.empty()).file(models, id, "style.safetensors");
    assertThat(style.place()).isEqualTo(models.resolve("org/tiny/style.safetensors"));
    assertThat(style.place()).hasContent("one");
    puller(Optional.empty()).file(models, id, "sub/word.safetensors");
    assertThat(paths(models))
        .contains("org/tiny/style.safetensors", "org/tiny/sub/word.safetensors");
    assertThat(puller(Optional.empty()).file(models, id, "style.safetensors").received()).isZero();
    Files.writeString(style.place(), "mine");
    assertThatThrownBy(() -> puller(Optional.empty()).file(models, id, "style.safetensors"))
        .hasMessageContaining("style.safetensors is not what the hub has");
  }

  @Test
  void oneFileInTheCacheHidesNoWholeModel() {
    RepositoryId id = RepositoryId.parse(ID, Optional.empty());
    hub.with("style.safetensors", "one");
    Path whole = pull(ID).place();
    Pulled style = puller(Optional.empty()).file(cache, id, "style.safetensors");
    assertThat(style.place()).isEqualTo(whole.resolve("style.safetensors")).hasContent("one");
    assertThat(cache.find(ID, Optional.empty())).contains(whole);
  }

  @Test
  void fileThatIsNotThereIsNamedBesideThoseThatAre() {
    RepositoryId id = RepositoryId.parse(ID, Optional.empty());
    assertThatThrownBy(() -> puller(Optional.empty()).file(cache, id, "x.safetensors"))
        .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.isRefused()).isTrue())
        .hasMessage("org/tiny has no file x.safetensors; of safetensors it has " + UNET);
  }

  private Pulled pull(String name) {
    return pull(name, Optional.empty(), Optional.empty());
  }

  private Pulled pull(String name, Optional<String> secret, Optional<String> variant) {
    return puller(secret).into(cache, RepositoryId.parse(name, Optional.empty()), variant);
  }

  private Pulled folder(Path models, String name) {
    RepositoryId id = RepositoryId.parse(name, Optional.empty());
    return puller(Optional.empty()).into(models, id, Optional.empty());
  }

  private Pull puller(Optional<String> secret) {
    HubLimits limits =
        new HubLimits(stall, 4, Duration.ofSeconds(1), Duration.ofMinutes(2), PART, 3);
    return new Pull(
        hub.access(secret),
        limits,
        waits::add,
        new PullWatch() {
          @Override
          public void begun(long bytes, long here) {
            assertThat(here).isBetween(0L, bytes);
          }

          @Override
          public void received(long bytes) {
            assertThat(bytes).isBetween((long) -LARGE, (long) LARGE);
          }
        });
  }

  private void refused(String name, String begins) {
    assertThatThrownBy(() -> pull(name))
        .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.isRefused()).isTrue())
        .hasMessageStartingWith(begins);
  }

  private RemoteFile remote(String path) {
    byte[] bytes = hub.files.get(path);
    return new RemoteFile(path, bytes.length, Hashes.git(bytes), Optional.of(Hashes.sha256(bytes)));
  }

  /** What a pull that ended leaves besides blobs. */
  private List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(cache.blobs(ID))) {
      return files.filter(path -> path.toString().contains("darkroom")).toList();
    }
  }

  private static List<String> paths(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    }
  }
}
