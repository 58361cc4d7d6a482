package farm.darkroom.infra.bench;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Notes one worker's jobs as they pass. Thread-safe. */
final class Passages {
  private final Map<String, Long> leased = new ConcurrentHashMap<>();
  private final Map<String, Long> begun = new ConcurrentHashMap<>();
  private final Map<String, Long> ended = new ConcurrentHashMap<>();
  private final BlockingQueue<JobTimes> finished = new LinkedBlockingQueue<>();

  void leased(String key) {
    leased.put(key, System.nanoTime());
  }

  void begun(RenderJob job) {
    begun.put(JobId.of(job).text(), System.nanoTime());
  }

  void ended(RenderJob job) {
    ended.put(JobId.of(job).text(), System.nanoTime());
  }

  /** A job that came a second time was not rendered again, and does not count. */
  void accepted(String key) {
    long now = System.nanoTime();
    Long rendered = ended.remove(key);
    if (rendered != null) {
      finished.add(new JobTimes(key, leased.remove(key), begun.remove(key), rendered, now));
    }
  }

  /**
   * The next job that was accepted.
   *
   * @return empty when none was within {@code wait}
   */
  Optional<JobTimes> next(Duration wait) throws InterruptedException {
    return Optional.ofNullable(finished.poll(wait.toNanos(), TimeUnit.NANOSECONDS));
  }
}
