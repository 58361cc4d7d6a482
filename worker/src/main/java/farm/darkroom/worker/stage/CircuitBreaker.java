package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.BoundedMap;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The worker's doubts about itself: a circuit breaker. A job that fails here although a probe
 * succeeds is to blame, unless another worker renders it. If several different jobs failed here in
 * a row and one of them succeeded elsewhere, this worker is to blame: the breaker opens, for longer
 * each time, and a job that succeeds here closes it. Thread-safe.
 */
public final class CircuitBreaker {
  private static final int REMEMBERED = 1000;

  /** How many of the jobs that failed in a row are looked for in the store. */
  private static final int SUSPECTS = 5;

  /** How often a worker that has rendered nothing yet waits for others that may be starting. */
  private static final int WAITS_FOR_NEWCOMERS = 10;

  private final int limit;
  private final Backoff backoff;
  private final Set<String> failed = Collections.newSetFromMap(new BoundedMap<>(SUSPECTS));
  private final Map<String, Integer> failures = new BoundedMap<>(REMEMBERED);
  private boolean everWorked;
  private boolean rendered;
  private int waits;
  private int opened;

  /**
   * @param limit how many different jobs may fail in a row before this worker looks what became of
   *     them
   * @param backoff how long it takes no job after one of them succeeded elsewhere
   */
  public CircuitBreaker(int limit, Backoff backoff) {
    this.limit = limit;
    this.backoff = requireNonNull(backoff, "backoff");
  }

  /** Notes that a job succeeded. */
  synchronized void worked() {
    everWorked = true;
    rendered = true;
    opened = 0;
    failed.clear();
  }

  /** A probe succeeded: this worker can render, whatever becomes of the jobs. */
  synchronized void probed() {
    everWorked = true;
  }

  /**
   * Notes that a job failed here.
   *
   * @param round how often it was queued again after failures before: its deliveries are counted
   *     from 1 in each
   */
  synchronized void failed(String key, int round) {
    failures.merge(keyOfRound(key, round), 1, Integer::sum);
  }

  /** How often a job failed here in this round, as far as is remembered. */
  synchronized int failures(String key, int round) {
    return failures.getOrDefault(keyOfRound(key, round), 0);
  }

  private static String keyOfRound(String key, int round) {
    return round + " " + key;
  }

  /** A probe succeeded and this job did not. */
  synchronized void blamed(String key) {
    failed.add(key);
  }

  /** The jobs that failed in a row, if they are so many that one must ask what became of them. */
  synchronized List<String> suspects() {
    return failed.size() < limit ? List.of() : List.copyOf(failed);
  }

  /**
   * One of the suspects succeeded elsewhere.
   *
   * @return how long to take no job
   */
  synchronized Duration open() {
    opened++;
    return backoff.after(opened);
  }

  /**
   * Whether a job that failed here is to be left to workers that nobody has heard of yet: a farm
   * may be starting, and this may be its worst worker. One that has rendered, or waited long
   * enough, does not.
   */
  synchronized boolean leavesJobsToNewcomers() {
    if (rendered || waits >= WAITS_FOR_NEWCOMERS) {
      return false;
    }
    waits++;
    return true;
  }

  synchronized boolean everWorked() {
    return everWorked;
  }

  /** How long to wait between probes that fail. */
  Duration untilProbe(int failedProbes) {
    return failedProbes == 0 ? Duration.ZERO : backoff.after(failedProbes);
  }
}
