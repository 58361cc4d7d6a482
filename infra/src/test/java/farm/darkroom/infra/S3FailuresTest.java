package farm.darkroom.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.ResultStore.Put;
import farm.darkroom.common.store.S3Credentials;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.common.store.S3Settings;
import farm.darkroom.infra.embedded.EmbeddedS3;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the S3 side of the store meets outages, bad lines and wrong credentials. */
class S3FailuresTest {
  private static final String KEY = "jobs/a/0.png";
  private static final int ALWAYS = Integer.MAX_VALUE;

  @TempDir static Path folder;
  private static EmbeddedS3 s3;
  private final String bucket = "test-" + UUID.randomUUID();
  private FaultyLine line;
  private S3Settings direct;
  private S3Settings throughLine;

  @BeforeAll
  static void start() {
    s3 = EmbeddedS3.start(folder);
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @BeforeEach
  void layTheLine() {
    line = FaultyLine.to(s3.endpoint());
    direct = s3.settings(bucket);
    throughLine =
        new S3Settings(
            Optional.of(line.endpoint()),
            direct.region(),
            bucket,
            true,
            direct.credentials(),
            Duration.ofSeconds(1));
    with(direct, store -> store.bucket().createIfMissing());
  }

  @AfterEach
  void cutTheLine() {
    line.close();
  }

  @Test
  void putWhoseAnswerWasLostIsCreated() {
    line.next(1, Fault.LOST_ANSWER);
    with(throughLine, store -> assertThat(put(store)).isEqualTo(Put.CREATED));
    assertThat(line.connections()).isGreaterThan(1);
    with(direct, store -> assertThat(put(store)).isEqualTo(Put.EXISTS));
  }

  @Test
  void conflictWithNobodyThereIsTriedAgain() {
    line.next(1, Fault.answer(409));
    with(throughLine, store -> assertThat(put(store)).isEqualTo(Put.CREATED));
    assertThat(line.connections()).isGreaterThan(1);
  }

  @Test
  void twoServerErrorsAreSurvived() {
    line.next(2, Fault.answer(500));
    with(throughLine, store -> assertThat(put(store)).isEqualTo(Put.CREATED));
  }

  @Test
  void lastingServerErrorsAreAnOutage() {
    line.next(ALWAYS, Fault.answer(500));
    assertPassing(
        refuses(throughLine, S3FailuresTest::put, "cannot put " + KEY, "server error 500"));
  }

  /** Such as a proxy's page: a record would count as stored, and a listing as empty. */
  @Test
  void whatAnswersAndIsNoServiceIsAnOutage() {
    for (Consumer<S3ResultStore> call : everyCall()) {
      line.next(ALWAYS, Fault.answer(200));
      assertPassing(refuses(throughLine, call, ": what answers is no S3 service"));
    }
  }

  @Test
  void cutConnectionsAreAnOutage() {
    line.next(ALWAYS, Fault.CUT);
    refuses(throughLine, store -> store.get(KEY, 10), "cannot get " + KEY, "no connection");
  }

  @Test
  void silentServiceIsAnOutageInBoundedTime() {
    line.next(ALWAYS, Fault.SILENT);
    S3Settings impatient = throughLine.withTimeout(Duration.ofMillis(200));
    long start = System.nanoTime();
    assertPassing(refuses(impatient, S3FailuresTest::put, "cannot put " + KEY));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void nobodyListeningIsAnOutage() {
    line.close();
    assertPassing(
        refuses(throughLine, store -> store.exists(KEY), line.endpoint().toString(), "refused"));
  }

  @Test
  void unknownHostIsNamed() {
    URI nowhere = URI.create("http://store.invalid:9000");
    S3Settings lost = S3Settings.at(nowhere, bucket, direct.credentials().orElseThrow());
    assertPassing(refuses(lost, store -> store.exists(KEY), "unknown host store.invalid"));
  }

  @Test
  void wrongSecretIsDeniedAndNeverShown() {
    String access = direct.credentials().orElseThrow().accessKey();
    S3Credentials wrong = S3Credentials.of(access, "wrong-secret-8821");
    for (Consumer<S3ResultStore> call : everyCall()) {
      FarmException denied =
          refuses(direct.withCredentials(wrong), call, "access denied: check credentials");
      assertThat(denied.isTransient()).isFalse();
      StringWriter trace = new StringWriter();
      denied.printStackTrace(new PrintWriter(trace));
      assertThat(trace.toString()).doesNotContain("wrong-secret-8821");
    }
    assertThat(direct.withCredentials(wrong).toString()).doesNotContain("wrong-secret-8821");
  }

  @Test
  void unknownAccessKeyIsDenied() {
    S3Settings stranger = direct.withCredentials(S3Credentials.of("stranger", "secret"));
    refuses(stranger, S3FailuresTest::put, "access denied: check credentials");
  }

  @Test
  void missingBucketIsSaidByEveryCall() {
    for (Consumer<S3ResultStore> call : everyCall()) {
      FarmException missing =
          refuses(direct.withBucket("nowhere"), call, "s3://nowhere at", "no such bucket");
      assertThat(missing.isTransient()).isFalse();
    }
  }

  @Test
  void aServiceThatHangsUpOnABodyIsAskedWhy() {
    line.next(ALWAYS, Fault.CUT_PUTS);
    refuses(throughLine.withBucket("nowhere"), S3FailuresTest::put, "put " + KEY, "no such bucket");
    S3Credentials stranger = S3Credentials.of("stranger", "secret");
    refuses(throughLine.withCredentials(stranger), S3FailuresTest::put, "access denied");
    refuses(throughLine, S3FailuresTest::put, "put " + KEY, "no connection");
  }

  /** Who asked for it again and again would do so for ever. */
  @Test
  void objectThatIsNotWhatWasPutIsNoOutage() throws IOException {
    with(direct, S3FailuresTest::put);
    try (FileChannel bytes = FileChannel.open(objectOnDisk(), StandardOpenOption.WRITE)) {
      bytes.write(ByteBuffer.wrap(new byte[] {1}));
    }
    ThrowingCallable use = () -> with(direct, store -> store.get(KEY, 1 << 20));
    assertThatThrownBy(use)
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.RENDER_FAILED))
        .hasMessageContaining(
            KEY + " do not match their SHA-256; 'submit --force --job a' renders");
  }

  /** Its job would be rendered anew for nothing. */
  @Test
  void objectThatWasDamagedOnItsWayIsReadAgain() {
    with(direct, S3FailuresTest::put);
    line.next(1, Fault.damaged(50_000));
    with(throughLine, store -> assertThat(store.get(KEY, 1 << 20)).hasValue(new byte[100_000]));
  }

  /** A worker that waited for it would take no other job. */
  @Test
  void folderInTheWayOfAnObjectIsNoOutage() throws IOException {
    with(direct, S3FailuresTest::put);
    Path object = objectOnDisk();
    Files.delete(object);
    Files.createDirectory(object);
    assertThatThrownBy(() -> with(direct, S3FailuresTest::put))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.RENDER_FAILED))
        .hasMessageContaining("cannot put " + KEY)
        .hasMessageContaining("a folder of that name; remove it");
  }

  private Path objectOnDisk() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.endsWith(Path.of(bucket, KEY))).findFirst().orElseThrow();
    }
  }

  private static void assertPassing(FarmException outage) {
    assertThat(outage.isTransient()).as(outage.getMessage()).isTrue();
  }

  private static List<Consumer<S3ResultStore>> everyCall() {
    return List.of(
        S3FailuresTest::put,
        store -> store.put("batches/b/manifest.jsonl", new byte[1], "text/plain"),
        store -> store.get(KEY, 10),
        store -> store.exists(KEY),
        store -> store.list("jobs/"));
  }

  private static Put put(ResultStore store) {
    return store.putIfAbsent(KEY, new byte[100_000], "image/png");
  }

  private static void with(S3Settings settings, Consumer<S3ResultStore> use) {
    try (S3ResultStore store = new S3ResultStore(settings)) {
      use.accept(store);
    }
  }

  private static FarmException refuses(
      S3Settings settings, Consumer<S3ResultStore> call, String... said) {
    ThrowingCallable use = () -> with(settings, call);
    FarmException refusal = catchThrowableOfType(FarmException.class, use);
    assertThat(refusal).isNotNull();
    assertThat(refusal.kind()).isEqualTo(FailureKind.STORE_UNAVAILABLE);
    assertThat(refusal).hasMessageContainingAll(said).hasMessageNotContainingAny("\n");
    assertThat(refusal).hasMessageContaining(settings.display());
    return refusal;
  }
}
