package farm.darkroom.common.queue;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A progress log for tests. Thread-safe. */
public final class InMemoryProgressLog implements ProgressLog {
  private final Map<String, Heartbeat> latest = new ConcurrentHashMap<>();

  @Override
  public void publish(Heartbeat beat) {
    latest.put(beat.worker(), beat);
  }

  @Override
  public Map<String, Heartbeat> latest() {
    return Map.copyOf(latest);
  }

  @Override
  public void close() {}
}
