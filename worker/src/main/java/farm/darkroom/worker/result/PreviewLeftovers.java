package farm.darkroom.worker.result;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.BoundedMap;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Previews that have to be deleted: those of renders that ended here, and of workers that died. One
 * that cannot be deleted is tried again with the next ones. One whose put got no answer may arrive
 * behind its deletion, so it is deleted once more later. {@link #add} from any thread, the rest for
 * one thread.
 */
final class PreviewLeftovers {
  private static final Logger log = LoggerFactory.getLogger(PreviewLeftovers.class);
  private static final int MOST = 1000;
  private static final int MOST_FAILURES = 3;
  private static final int SWEEPS = 10;

  /** A put that got no answer has arrived after that time, or never will. */
  static final Duration LATEST = Duration.ofMinutes(1);

  private final ResultStore store;
  private final Set<String> jobs = Collections.synchronizedSet(new LinkedHashSet<>());
  private final Map<String, Long> unanswered = new BoundedMap<>(MOST);
  private final LongSupplier nanos;
  private int sweepsLeft = SWEEPS;

  /**
   * @param nanos a monotonic clock, in nanoseconds
   */
  PreviewLeftovers(ResultStore store, LongSupplier nanos) {
    this.store = requireNonNull(store, "store");
    this.nanos = requireNonNull(nanos, "nanos");
  }

  /** Adds the job's preview, if there is one. */
  void add(String job) {
    if (jobs.size() < MOST) {
      jobs.add(job);
    } else {
      log.debug("the preview of {} stays: too many are to go", job);
    }
  }

  /** Notes that a put got no answer, so the preview may exist, or appear later. */
  void unanswered(String job) {
    unanswered.put(job, nanos.getAsLong());
  }

  /**
   * Deletes them; the first time also what lies in the store, which others put there again.
   *
   * @param living jobs whose previews stay
   * @throws RuntimeException the first failure, after the others were tried; in an outage at once
   */
  void clear(Predicate<String> living) {
    List<RuntimeException> failures = new ArrayList<>();
    if (sweepsLeft > 0) {
      attempt(this::sweep, failures);
    }
    addThoseThatMayHaveArrived(living);
    for (String job : List.copyOf(jobs)) {
      if (failures.size() >= MOST_FAILURES
          || failures.stream().anyMatch(PreviewLeftovers::isOutage)) {
        break;
      }
      // Removed first: it may end again meanwhile.
      jobs.remove(job);
      if (!living.test(job) && !attempt(() -> store.delete(StoreKeys.preview(job)), failures)) {
        jobs.add(job);
      }
    }
    if (!failures.isEmpty()) {
      throw failures.get(0);
    }
  }

  private void addThoseThatMayHaveArrived(Predicate<String> living) {
    long now = nanos.getAsLong();
    unanswered
        .entrySet()
        .removeIf(
            put -> {
              boolean over = now - put.getValue() >= LATEST.toNanos() && !living.test(put.getKey());
              if (over) {
                add(put.getKey());
              }
              return over;
            });
  }

  /** Keys that are no previews belong to somebody else. */
  private void sweep() {
    sweepsLeft--;
    store.list(StoreKeys.PREVIEWS, MOST).stream()
        .map(entry -> StoreKeys.jobOfPreview(entry.key()))
        .flatMap(Optional::stream)
        .filter(JobId::isId)
        .forEach(this::add);
    sweepsLeft = 0;
  }

  private static boolean attempt(Runnable call, List<RuntimeException> failures) {
    try {
      call.run();
      return true;
    } catch (RuntimeException e) {
      failures.add(e);
      return false;
    }
  }

  private static boolean isOutage(RuntimeException e) {
    return e instanceof FarmException farm && farm.isTransient();
  }
}
