package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.LastOnes;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The worker's doubts about itself: a circuit breaker. It opens when several different jobs failed
 * here in a row, for longer each time; the next job after that is the probe, and one that succeeds
 * closes it. Thread-safe.
 */
final class Fitness {
  private static final int REMEMBERED = 1000;
  private final int limit;
  private final Backoff backoff;
  private final Set<String> failed = new LinkedHashSet<>();
  private final Map<String, Integer> failures = new LastOnes<>(REMEMBERED);
  private boolean everWorked;

  /**
   * @param limit how many different jobs may fail in a row
   * @param backoff how long the worker then takes no job
   */
  Fitness(int limit, Backoff backoff) {
    this.limit = limit;
    this.backoff = requireNonNull(backoff, "backoff");
  }

  synchronized void worked() {
    everWorked = true;
    failed.clear();
  }

  /** A probe came out: this worker can render, whatever becomes of the jobs. */
  synchronized void probed() {
    everWorked = true;
  }

  synchronized void failed(String key) {
    failed.add(key);
    failures.merge(key, 1, Integer::sum);
  }

  /** How often a job failed here, as far as is remembered. */
  synchronized int failures(String key) {
    return failures.getOrDefault(key, 0);
  }

  synchronized boolean everWorked() {
    return everWorked;
  }

  /** How long to take no job; zero while the breaker is closed. */
  synchronized Duration openFor() {
    int excess = failed.size() - limit + 1;
    return excess > 0 ? backoff.after(excess) : Duration.ZERO;
  }

  /** How long to wait between probes that fail. */
  Duration untilProbe(int failedProbes) {
    return failedProbes == 0 ? Duration.ZERO : backoff.after(failedProbes);
  }
}
