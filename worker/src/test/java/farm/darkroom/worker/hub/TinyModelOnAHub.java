package farm.darkroom.worker.hub;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Backoff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub with one small model, and a machine that has none. */
abstract class TinyModelOnAHub {
  static final String ID = "org/tiny";
  static final String UNET = "unet/diffusion_pytorch_model.safetensors";
  static final int PART = 1000;
  private static final int LARGE = 9 * PART + 5;

  @TempDir Path machine;

  /** Those between tries. */
  final ConcurrentLinkedQueue<Duration> waits = new ConcurrentLinkedQueue<>();

  Duration stall = Duration.ofSeconds(20);
  FakeHub hub;
  HubCache cache;

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

  PullResult pull(String name) {
    return pull(name, Optional.empty());
  }

  PullResult pull(String name, Optional<String> secret) {
    return puller(secret).into(cache, RepositoryId.parse(name, Optional.empty()), Optional.empty());
  }

  Pull puller(Optional<String> secret) {
    HubLimits limits =
        new HubLimits(stall, 4, new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(2)), PART, 3);
    return new Pull(
        hub.access(secret),
        limits,
        waits::add,
        new PullListener() {
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

  /** What a pull that ended leaves besides blobs. */
  List<Path> left() throws IOException {
    try (Stream<Path> files = Files.list(cache.blobs(ID))) {
      return files.filter(path -> path.toString().contains("darkroom")).toList();
    }
  }

  static List<String> paths(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    }
  }
}
