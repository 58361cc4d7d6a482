package farm.darkroom.worker;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.store.ResultStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Kills a worker at its n-th touch of store or event log. For one thread. */
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
    return new EventLog() {
      @Override
      public void publish(List<JobEvent> events) {
        touch(
            () -> {
              log.publish(events);
              return events;
            });
      }

      @Override
      public Map<String, JobEvent> latest() {
        return log.latest();
      }

      @Override
      public Tail follow() {
        return log.follow();
      }

      @Override
      public void close() {}
    };
  }

  ResultStore store(ResultStore store) {
    return new ResultStore() {
      @Override
      public Put putIfAbsent(String key, byte[] bytes, String contentType) {
        return touch(() -> store.putIfAbsent(key, bytes, contentType));
      }

      @Override
      public void put(String key, byte[] bytes, String contentType) {
        store.put(key, bytes, contentType);
      }

      @Override
      public Optional<byte[]> get(String key, long maxBytes) {
        return touch(() -> store.get(key, maxBytes));
      }

      @Override
      public boolean exists(String key) {
        return touch(() -> store.exists(key));
      }

      @Override
      public List<Entry> list(String prefix) {
        return store.list(prefix);
      }

      @Override
      public void delete(String key) {
        store.delete(key);
      }

      @Override
      public void close() {}
    };
  }
}
