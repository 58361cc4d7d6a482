package farm.darkroom.infra.queue;

import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.InMemoryEventLog;

/** The fake that the worker's tests build upon does what the real one does. */
class InMemoryEventLogTest extends EventLogContract {
  private final InMemoryEventLog log = new InMemoryEventLog();

  @Override
  EventLog open() {
    return log;
  }

  @Override
  EventLog reopen() {
    return log;
  }
}
