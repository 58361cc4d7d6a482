package farm.darkroom.worker.render.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.FileReference;
import farm.darkroom.common.job.ImageReference;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What workers fetch from the store, and keep. */
class StoredInputsTest {
  private static final String BUCKET = "renders";

  @TempDir Path folder;
  private final InMemoryResultStore store = new InMemoryResultStore();
  private final TickingClock clock = new TickingClock();

  /** A second passes with each look. */
  private static final class TickingClock extends Clock {
    private int looks;

    @Override
    public Instant instant() {
      return Instant.parse("2026-01-31T12:00:00Z").plusSeconds(looks++);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private StoredInputs inputs(long most) {
    return new StoredInputs(BUCKET, store, new FileCache(folder.resolve("files"), most, clock));
  }

  private String stored(int... bytes) {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    String sha256 = Sha256.hex(content);
    store.putIfAbsent(StoreKeys.input(sha256), content, "application/octet-stream");
    return sha256;
  }

  @Test
  void fileIsFetchedOnce() throws IOException {
    String sha256 = stored(1, 2, 3);
    StoredInputs inputs = inputs(100);
    Path file = inputs.fetch(new FileReference("sha256:" + sha256));
    assertThat(Files.readAllBytes(file)).containsExactly(1, 2, 3);
    store.delete(StoreKeys.input(sha256));
    assertThat(inputs.fetch(FileReference.input(BUCKET, sha256))).isEqualTo(file);
  }

  @Test
  void fileUnderAnyKeyIsKeptUnderItsHash() {
    store.put("mine/style.safetensors", new byte[] {7}, "application/octet-stream");
    Path file = inputs(100).fetch(new FileReference("s3://renders/mine/style.safetensors"));
    assertThat(file).hasFileName(Sha256.hex(new byte[] {7}));
  }

  @Test
  void leastRecentlyUsedFilesMakeRoom() throws IOException {
    StoredInputs inputs = inputs(8);
    Path one = fetch(inputs, stored(1, 1, 1));
    Path two = fetch(inputs, stored(2, 2, 2));
    fetch(inputs, stored(1, 1, 1));
    Path three = fetch(inputs, stored(3, 3, 3));
    try (Stream<Path> kept = Files.list(folder.resolve("files"))) {
      assertThat(kept).containsExactlyInAnyOrder(one, three).doesNotContain(two);
    }
    assertThat(fetch(inputs, stored(4, 4, 4, 4, 4, 4, 4, 4, 4))).exists();
    try (Stream<Path> kept = Files.list(folder.resolve("files"))) {
      assertThat(kept).hasSize(1);
    }
  }

  private static Path fetch(StoredInputs inputs, String sha256) {
    return inputs.fetch(new FileReference("sha256:" + sha256));
  }

  @Test
  void fileThatAMachineLostHalfOfIsFetchedAnew() throws IOException {
    String sha256 = stored(1, 2, 3);
    Path file = fetch(inputs(100), sha256);
    Files.write(file, new byte[] {1});
    assertThat(Files.readAllBytes(fetch(inputs(100), sha256))).containsExactly(1, 2, 3);
  }

  @Test
  void whatIsNotThereOrNotWhatItSaysIsTheJobsFault() {
    StoredInputs inputs = inputs(100);
    String other = Sha256.hex(new byte[] {9});
    store.put("inputs/" + other, new byte[] {8}, "application/octet-stream");
    refused(inputs, "sha256:" + other, "its bytes have the SHA-256");
    refused(inputs, "sha256:" + "0".repeat(64), "there is no such object");
    refused(inputs, "s3://elsewhere/x", "a worker reads weights from s3://renders only");
  }

  private static void refused(StoredInputs inputs, String text, String why) {
    assertThatThrownBy(() -> inputs.fetch(new FileReference(text)))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining(text)
        .hasMessageContaining(why);
  }

  @Test
  void picturesAreReadByHashToo() {
    String sha256 = stored(5);
    StoredInputs inputs = inputs(100);
    assertThat(inputs.read(new ImageReference("sha256:" + sha256))).containsExactly(5);
    assertThatThrownBy(() -> inputs.read(new ImageReference("/home/me/picture.png")))
        .hasMessageContaining("a worker reads pictures from s3://renders only");
  }
}
