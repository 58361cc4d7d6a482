package farm.darkroom.common.queue;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.JobEvent;
import java.util.List;
import java.util.Map;

/**
 * A log with another one inside, for tests that look at, or change, one of its calls. Asynchronous
 * events are published at once. The other stays open.
 */
public class WrappedEventLog implements EventLog {
  private final EventLog log;

  protected WrappedEventLog(EventLog log) {
    this.log = requireNonNull(log, "log");
  }

  @Override
  public void publish(List<JobEvent> events) {
    log.publish(events);
  }

  @Override
  public Map<String, JobEvent> latest() {
    return log.latest();
  }

  @Override
  public List<JobEvent> last(int count) {
    return log.last(count);
  }

  @Override
  public Tail follow() {
    return log.follow();
  }

  @Override
  public void close() {}
}
