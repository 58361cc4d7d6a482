package farm.darkroom.infra.dashboard;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.DaemonThreads;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.infra.dashboard.FarmView.Stored;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the page shows of the store in a thread of its own, so that a store that hangs or is
 * down leaves the rest of the page live. Thread-safe.
 */
final class StoreMonitor implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StoreMonitor.class);
  private static final long FRESH_NANOS = Duration.ofSeconds(2).toNanos();
  private static final long AFTER_FAILURE_NANOS = Duration.ofSeconds(15).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final long LATE_NANOS = Duration.ofSeconds(3).toNanos();
  private static final String HANGS = "the store does not answer";
  private static final int MOST_PREVIEWS = 1000;

  /** One fewer than the page has threads: a store that hangs does not hold all of them. */
  private static final int MOST_OBJECTS = 3;

  private final ResultStore store;
  private final LongSupplier nanos;
  private final Semaphore objects = new Semaphore(MOST_OBJECTS);
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(DaemonThreads.named("store-watch"));
  private Map<JobEvent, RenderRecord> records = Map.of();
  private long nextAt;
  private volatile long heardAt;
  private CompletableFuture<Seen> reading =
      CompletableFuture.completedFuture(new Seen(List.of(), Map.of(), Optional.empty()));
  private Seen last = reading.join();
  private boolean noted = true;

  /**
   * What was there at the last reading.
   *
   * @param stored the jobs that were to be shown then, as far as they have records
   * @param previews bytes by job
   * @param trouble why it is not what is there now
   */
  record Seen(List<Stored> stored, Map<String, Long> previews, Optional<String> trouble) {
    Seen {
      stored = List.copyOf(stored);
      previews = Map.copyOf(previews);
      requireNonNull(trouble, "trouble");
    }

    private Seen withProblem(String why) {
      return new Seen(stored, previews, Optional.of(why));
    }
  }

  /**
   * @param nanos the time, as {@link System#nanoTime} has it
   */
  StoreMonitor(ResultStore store, LongSupplier nanos) {
    this.store = requireNonNull(store, "store");
    this.nanos = requireNonNull(nanos, "nanos");
    this.nextAt = nanos.getAsLong();
  }

  /**
   * Reads now and then, and waits for it a moment at most.
   *
   * @param ended whose records are to be shown
   * @param renders whether somebody does: else there are no previews
   */
  synchronized Seen refresh(List<JobEvent> ended, boolean renders) {
    Seen before = seen();
    if (isDue()) {
      heardAt = nanos.getAsLong();
      noted = false;
      reading =
          CompletableFuture.supplyAsync(() -> read(ended, renders), thread)
              .exceptionally(e -> before.withProblem(why(e)));
      await(reading);
    }
    return seen();
  }

  private boolean isDue() {
    return reading.isDone() && nanos.getAsLong() - nextAt >= 0;
  }

  private static void await(CompletableFuture<Seen> reading) {
    try {
      Seen unused = reading.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      log.debug("the store is not read yet", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last reading, or why there is none. */
  private synchronized Seen seen() {
    if (!reading.isDone()) {
      boolean late = nanos.getAsLong() - heardAt > LATE_NANOS;
      return late ? last.withProblem(HANGS) : last;
    }
    if (!noted) {
      noted = true;
      last = reading.join();
      long pause = last.trouble().isPresent() ? AFTER_FAILURE_NANOS : FRESH_NANOS;
      nextAt = nanos.getAsLong() + pause;
    }
    return last;
  }

  /** The known trouble, if the last reading is recent enough to tell. */
  private synchronized Optional<String> trouble() {
    Optional<String> known = seen().trouble();
    return isDue() ? Optional.empty() : known;
  }

  /**
   * What lies under a key, a picture normally.
   *
   * @throws FarmException STORE_UNAVAILABLE, at once where that is known; as {@link
   *     ResultStore#get}
   */
  Optional<byte[]> object(String key, long maxBytes) {
    trouble().ifPresent(StoreMonitor::refuse);
    try {
      if (!objects.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        refuse(HANGS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      refuse("interrupted");
    }
    try {
      return store.get(key, maxBytes);
    } finally {
      objects.release();
    }
  }

  private static void refuse(String why) {
    throw new FarmException(FailureKind.STORE_UNAVAILABLE, why);
  }

  private Seen read(List<JobEvent> ended, boolean renders) {
    return new Seen(stored(ended), renders ? previews() : Map.of(), Optional.empty());
  }

  private static String why(Throwable e) {
    Throwable cause = e instanceof CompletionException ? e.getCause() : e;
    return cause instanceof FarmException ? cause.getMessage() : cause.toString();
  }

  /** Without permission to list previews, the page has none. */
  private Map<String, Long> previews() {
    Map<String, Long> found = new HashMap<>();
    try {
      for (ResultStore.Entry entry : store.list(StoreKeys.PREVIEWS, MOST_PREVIEWS)) {
        StoreKeys.jobOfPreview(entry.key()).ifPresent(job -> found.put(job, entry.size()));
      }
    } catch (FarmException e) {
      if (e.isTransient()) {
        throw e;
      }
      log.debug("no previews", e);
    }
    return found;
  }

  /** Reads the records that the page shows, each only once. */
  private List<Stored> stored(List<JobEvent> ended) {
    Map<JobEvent, RenderRecord> found = new LinkedHashMap<>();
    for (JobEvent event : ended) {
      Optional.ofNullable(records.get(event))
          .or(() -> record(event.jobId()))
          .ifPresent(record -> found.put(event, record));
    }
    records = found;
    return found.entrySet().stream()
        .map(end -> new Stored(end.getValue(), end.getKey().at()))
        .toList();
  }

  /** Empty for what is no record of this job, or no longer one: the page does without it. */
  private Optional<RenderRecord> record(String id) {
    try {
      Optional<byte[]> json =
          store.get(StoreKeys.record(JobId.parse(id).text()), RenderRecord.LARGEST);
      heardAt = nanos.getAsLong();
      return json.map(RenderRecord::fromJson).filter(record -> record.id().text().equals(id));
    } catch (FarmException e) {
      if (e.kind() == FailureKind.STORE_UNAVAILABLE) {
        throw e;
      }
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
    store.close();
  }
}
