package farm.darkroom.worker.stage;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.WrappedEventLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.WrappedResultStore;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Kills a worker at its n-th touch of store or event log. Not thread-safe. */
final class Mortality {
  /** The end of a process; nothing may catch it. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final int last;
  private final boolean after;
  private int touches;

  /**
   * @param last the touch that it dies of, from 1
   * @param after whether that touch still takes effect
   */
  Mortality(int last, boolean after) {
    this.last = last;
    this.after = after;
  }

  int touches() {
    return touches;
  }

  private <T> T touch(Supplier<T> call) {
    touches++;
    if (touches == last && !after) {
      throw new Killed();
    }
    T answer = call.get();
    if (touches == last) {
      throw new Killed();
    }
    return answer;
  }

  EventLog events(EventLog log) {
    return new WrappedEventLog(log) {
      @Override
      public void publish(List<JobEvent> events) {
        touch(
            () -> {
              super.publish(events);
              return events;
            });
      }
    };
  }

  ResultStore store(ResultStore store) {
    return new WrappedResultStore(store) {
      @Override
      public Put putIfAbsent(String key, byte[] bytes, String contentType) {
        return touch(() -> super.putIfAbsent(key, bytes, contentType));
      }

      @Override
      public Optional<byte[]> get(String key, long maxBytes) {
        return touch(() -> super.get(key, maxBytes));
      }

      @Override
      public boolean exists(String key) {
        return touch(() -> super.exists(key));
      }
    };
  }
}
