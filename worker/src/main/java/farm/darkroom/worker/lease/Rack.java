package farm.darkroom.worker.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The jobs that are rendered and still held: being stored, announced and acknowledged behind the
 * render of the next. There is room for so many and no more, so a worker whose store does not
 * answer stops rendering. Thread-safe.
 */
public final class Rack {
  private final int places;
  private final List<String> jobs = new ArrayList<>();

  /**
   * @param places how many jobs may hang here
   */
  public Rack(int places) {
    this.places = places;
  }

  public int places() {
    return places;
  }

  /** Takes a job; waits until there is room. */
  public synchronized void hang(String jobId) {
    awaitUntil(() -> jobs.size() < places);
    jobs.add(jobId);
  }

  /** The job is held no more. */
  public synchronized void clear(String jobId) {
    jobs.remove(jobId);
    notifyAll();
  }

  /** Waits until no lease of this job hangs here; it may be stored then, or on the shelf. */
  public synchronized void awaitGone(String jobId) {
    awaitUntil(() -> !jobs.contains(jobId));
  }

  public synchronized void awaitEmpty() {
    awaitUntil(jobs::isEmpty);
  }

  public synchronized int size() {
    return jobs.size();
  }

  /** An interrupt does not end it: what hangs here ends by itself, soon when the worker stops. */
  private void awaitUntil(BooleanSupplier condition) {
    boolean interrupted = false;
    while (!condition.getAsBoolean()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
