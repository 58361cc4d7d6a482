package farm.darkroom.common.queue;

import farm.darkroom.common.job.JobEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An event log for tests; keeps every event. Thread-safe. */
public final class InMemoryEventLog implements EventLog {
  private final List<JobEvent> events = new ArrayList<>();

  @Override
  public synchronized void publish(List<JobEvent> more) {
    events.addAll(more);
    notifyAll();
  }

  @Override
  public synchronized Map<String, JobEvent> latest() {
    Map<String, JobEvent> last = new HashMap<>();
    events.forEach(event -> last.put(event.jobId(), event));
    return last;
  }

  /** Every event so far, in order. */
  public synchronized List<JobEvent> all() {
    return List.copyOf(events);
  }

  @Override
  public synchronized List<JobEvent> last(int count) {
    return List.copyOf(events.subList(Math.max(0, events.size() - count), events.size()));
  }

  @Override
  public synchronized Tail follow() {
    return new MemoryTail(events.size());
  }

  @Override
  public void close() {}

  private synchronized List<JobEvent> from(int start, Duration wait) throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    while (events.size() <= start && System.nanoTime() < deadline) {
      wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
    }
    return List.copyOf(events.subList(start, events.size()));
  }

  private final class MemoryTail implements Tail {
    private int next;

    MemoryTail(int next) {
      this.next = next;
    }

    @Override
    public List<JobEvent> poll(Duration wait) {
      try {
        List<JobEvent> came = from(next, wait);
        next += came.size();
        return came;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return List.of();
      }
    }

    @Override
    public void close() {}
  }
}
