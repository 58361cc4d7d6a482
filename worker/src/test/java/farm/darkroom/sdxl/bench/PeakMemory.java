package farm.darkroom.sdxl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Watches this process's anonymous memory (RssAnon of /proc/self/status), which is what weights and
 * tensors take: pages of mapped files, which the kernel may drop, do not count.
 */
final class PeakMemory implements AutoCloseable {
  private static final Path STATUS = Path.of("/proc/self/status");

  private final AtomicLong peak = new AtomicLong();
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();
  private final Future<?> sampling =
      watch.scheduleAtFixedRate(this::sample, 0, 20, TimeUnit.MILLISECONDS);

  private void sample() {
    peak.accumulateAndGet(now(), Math::max);
  }

  /** Bytes at this moment. */
  static long now() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("RssAnon:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
      throw new IllegalStateException(STATUS + ": no RssAnon");
    } catch (IOException e) {
      throw new IllegalStateException(STATUS + ": cannot be read", e);
    }
  }

  /** The most since the last call. */
  long take() {
    sample();
    return peak.getAndSet(0);
  }

  @Override
  public void close() {
    sampling.cancel(false);
    watch.shutdown();
  }
}
