package farm.darkroom.worker.result;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.DaemonThreads;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.health.StoppableTime;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts previews of what is rendered into the store, an object for each job, and deletes it when the
 * render ends. Its own thread makes one call at a time, so that no render waits for it; a preview
 * that the store does not take is dropped. Thread-safe.
 */
public final class PreviewUploads implements AutoCloseable {
  /** Between two previews of a job; nobody watches more closely than that. */
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(PreviewUploads.class);

  /** More than the jobs that a worker holds at a time. */
  private static final int MOST_WAITING = 256;

  /** A worker may have nothing to put by then. */
  private static final Executor AFTERWARDS =
      CompletableFuture.delayedExecutor(PreviewLeftovers.LATEST.toMillis(), TimeUnit.MILLISECONDS);

  private static final Duration MOST_LEAVING = Duration.ofSeconds(5);
  private final PreviewRate rate;
  private final ResultStore store;
  private final StoppableTime time;
  private final Duration leaving;
  private final PreviewLeftovers leftovers;
  private final Map<String, Shown> jobs = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          DaemonThreads.named("previews"));
  private boolean through;
  private boolean silent;

  /** A job of which there is a preview, or will be. */
  private static final class Shown {
    private volatile boolean busy;
    private volatile long begunAt;
  }

  /**
   * Begins by deleting the previews of workers that died; living workers put theirs again.
   *
   * @param grace in which the worker has to leave; half of it may go by here
   */
  public PreviewUploads(PreviewRate rate, ResultStore store, StoppableTime time, Duration grace) {
    this.rate = requireNonNull(rate, "rate");
    this.store = requireNonNull(store, "store");
    this.time = requireNonNull(time, "time");
    Duration half = grace.dividedBy(2);
    this.leaving = half.compareTo(MOST_LEAVING) < 0 ? half : MOST_LEAVING;
    this.leftovers = new PreviewLeftovers(store, time::nanos);
    clear();
  }

  /**
   * Whether a preview of the job after this step would be put: not while one is on its way, nor too
   * soon after it.
   */
  public boolean wantsPreview(String job, int step) {
    Shown shown = jobs.get(job);
    boolean ready =
        shown == null || (!shown.busy && time.nanos() - shown.begunAt >= PAUSE.toNanos());
    return ready && rate.has(step);
  }

  /** Uploads a preview, which replaces the one before. */
  public void show(String job, Picture picture) {
    Shown shown = jobs.computeIfAbsent(job, name -> new Shown());
    shown.begunAt = time.nanos();
    shown.busy = true;
    if (!later(() -> put(job, picture, shown))) {
      shown.busy = false;
    }
  }

  private void put(String job, Picture picture, Shown shown) {
    try {
      if (jobs.get(job) == shown) {
        store.put(StoreKeys.preview(job), Png.encode(picture, Map.of()), "image/png");
        through = true;
      }
    } catch (FarmException e) {
      leftovers.unanswered(job);
      AFTERWARDS.execute(this::clear);
      throw e;
    } finally {
      shown.busy = false;
    }
  }

  /** Ends the previews of a job; a waiting one is dropped. */
  public void ended(String job) {
    if (jobs.remove(job) != null) {
      leftovers.add(job);
      clear();
    }
  }

  /** Deletes leftovers. */
  private void clear() {
    boolean unused = later(() -> {});
  }

  /** Makes the call, then deletes leftovers. */
  private boolean later(Runnable call) {
    try {
      thread.execute(() -> logFailures(call));
      return true;
    } catch (RejectedExecutionException e) {
      log.debug("no preview: too much waits for the store, or the worker leaves", e);
      return false;
    }
  }

  private void logFailures(Runnable call) {
    through = false;
    try {
      call.run();
      leftovers.clear(jobs::containsKey);
      silent = silent && !through;
    } catch (FarmException e) {
      missed(e.getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      missed(e.toString());
    }
  }

  private void missed(String why) {
    if (!silent) {
      log.warn("previews do not get through, or stay: {}", why);
    }
    silent = true;
  }

  /** Deletes what is there, but does not wait long for it. */
  @Override
  public void close() {
    jobs.keySet().forEach(this::ended);
    clear();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(leaving.toMillis(), TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
