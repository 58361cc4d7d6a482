package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts previews of what is rendered into the store, an object for each job, and deletes it when the
 * render ends. A thread of its own does it, one call at a time: no render waits for it, and what
 * the store does not take is left out. Thread-safe.
 */
final class PreviewUploads implements AutoCloseable {
  /** Of one job's previews; nobody looks more often. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(PreviewUploads.class);

  /** More than a worker has jobs at a time. */
  private static final int MOST_WAITING = 256;

  private static final int MOST_LEFTOVERS = 1000;
  private static final long LEAVING_MILLIS = 1000;
  private final PreviewRate rate;
  private final ResultStore store;
  private final Pace pace;
  private final Map<String, Shown> jobs = new ConcurrentHashMap<>();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MOST_WAITING),
          PreviewUploads::daemon);
  private volatile boolean silent;

  /** A job of which there is a preview, or will be. */
  private static final class Shown {
    private volatile boolean busy;
    private volatile long begunAt;
  }

  /** Begins by deleting what workers left that died: previews of living ones come again. */
  PreviewUploads(PreviewRate rate, ResultStore store, Pace pace) {
    this.rate = requireNonNull(rate, "rate");
    this.store = requireNonNull(store, "store");
    this.pace = requireNonNull(pace, "pace");
    boolean unused = later(this::sweep);
  }

  private void sweep() {
    store.list(StoreKeys.PREVIEWS).stream()
        .limit(MOST_LEFTOVERS)
        .forEach(entry -> store.delete(entry.key()));
  }

  /**
   * Whether a preview of the job after this step would be put: not while one is on its way, nor too
   * soon after it.
   */
  boolean wants(String job, int step) {
    Shown shown = jobs.get(job);
    boolean ready =
        shown == null || (!shown.busy && pace.nanos() - shown.begunAt >= PAUSE.toNanos());
    return ready && rate.has(step);
  }

  /** Puts the picture in the place of the one before. */
  void show(String job, Picture picture) {
    Shown shown = jobs.computeIfAbsent(job, name -> new Shown());
    shown.begunAt = pace.nanos();
    shown.busy = true;
    if (!later(() -> put(job, picture, shown))) {
      shown.busy = false;
    }
  }

  private void put(String job, Picture picture, Shown shown) {
    try {
      store.put(StoreKeys.preview(job), Png.encode(picture, Map.of()), "image/png");
    } finally {
      shown.busy = false;
    }
  }

  /** The job is no longer rendered here. */
  void ended(String job) {
    if (jobs.remove(job) != null) {
      boolean unused = later(() -> store.delete(StoreKeys.preview(job)));
    }
  }

  private boolean later(Runnable call) {
    try {
      thread.execute(() -> quietly(call));
      return true;
    } catch (RejectedExecutionException e) {
      log.debug("no preview: too much waits for the store, or the worker leaves", e);
      return false;
    }
  }

  private void quietly(Runnable call) {
    try {
      call.run();
      silent = false;
    } catch (FarmException e) {
      missed(e.getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      missed(e.toString());
    }
  }

  private void missed(String why) {
    if (!silent) {
      log.warn("no previews get through: {}", why);
    }
    silent = true;
  }

  /** Waits for what is on its way, but not long. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(LEAVING_MILLIS, TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "previews");
    thread.setDaemon(true);
    return thread;
  }
}
