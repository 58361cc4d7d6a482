package farm.darkroom.submitter.dataset;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts while an export runs. Thread-safe. */
final class ExportCount {
  private final AtomicInteger jobs = new AtomicInteger();
  private final AtomicInteger missing = new AtomicInteger();
  private final AtomicInteger samples = new AtomicInteger();
  private final AtomicInteger kept = new AtomicInteger();
  private final AtomicInteger leftOut = new AtomicInteger();
  private final AtomicLong fetchedBytes = new AtomicLong();

  void jobs(int more) {
    jobs.addAndGet(more);
  }

  void missing(int more) {
    missing.addAndGet(more);
  }

  void leftOut(int more) {
    leftOut.addAndGet(more);
  }

  void kept(int more) {
    samples.addAndGet(more);
    kept.addAndGet(more);
  }

  void fetched(long bytes) {
    samples.incrementAndGet();
    fetchedBytes.addAndGet(bytes);
  }

  ExportReport report() {
    return new ExportReport(
        jobs.get(), missing.get(), samples.get(), kept.get(), leftOut.get(), fetchedBytes.get());
  }
}
