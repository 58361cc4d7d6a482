package farm.darkroom.worker.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * The rendered jobs that are still held while they are stored, reported and acknowledged behind the
 * next render. Their number is bounded, so that a worker whose store does not answer stops
 * rendering. Thread-safe.
 */
public final class JobsBeingStored {
  private final int places;
  private final List<String> jobs = new ArrayList<>();

  /**
   * @param places how many jobs may be stored at a time
   */
  public JobsBeingStored(int places) {
    this.places = places;
  }

  public int places() {
    return places;
  }

  /** Takes a job; waits until there is room. */
  public synchronized void add(String jobId) {
    awaitUntil(() -> jobs.size() < places);
    jobs.add(jobId);
  }

  /** Removes a job that is no longer held. */
  public synchronized void remove(String jobId) {
    jobs.remove(jobId);
    notifyAll();
  }

  /**
   * Waits until this job is no longer being stored: by then its result is in the store, or kept in
   * memory as unstored.
   */
  public synchronized void awaitGone(String jobId) {
    awaitUntil(() -> !jobs.contains(jobId));
  }

  public synchronized void awaitEmpty() {
    awaitUntil(jobs::isEmpty);
  }

  public synchronized int size() {
    return jobs.size();
  }

  /** An interrupt does not end the wait: storing ends by itself, and soon when the worker stops. */
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
