package farm.darkroom.infra.chaos;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.store.ResultStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;

/** A worker's ports, which let its fates know what it has done. */
record FatedPorts(List<Fate> fates) {

  FatedPorts {
    fates = List.copyOf(fates);
  }

  void meet(Moment moment) {
    fates.forEach(fate -> fate.meet(moment));
  }

  JobQueue queue(JobQueue real) {
    return wrap(JobQueue.class, real, (method, arguments, result) -> leased(result));
  }

  private Object leased(Object result) {
    if (result instanceof Optional<?> found && found.isPresent()) {
      Object lease = found.get();
      meet(Moment.LEASED);
      return Optional.of(lease).map(Lease.class::cast).map(this::lease);
    }
    return result;
  }

  private Lease lease(Lease real) {
    return wrap(
        Lease.class,
        real,
        (method, arguments, result) -> {
          if (method.equals("accept")) {
            meet(Moment.ACCEPTED);
          }
          return result;
        });
  }

  ResultStore store(ResultStore real) {
    return wrap(
        ResultStore.class,
        real,
        (method, arguments, result) -> {
          if (method.equals("putIfAbsent")) {
            boolean record = ((String) arguments[0]).endsWith("record.json");
            meet(record ? Moment.RECORD_STORED : Moment.IMAGE_STORED);
          }
          return result;
        });
  }

  EventLog events(EventLog real) {
    return wrap(
        EventLog.class,
        real,
        (method, arguments, result) -> {
          if (method.equals("publish") && saysStored((List<?>) arguments[0])) {
            meet(Moment.SAID_STORED);
          }
          return result;
        });
  }

  private static boolean saysStored(List<?> events) {
    return events.stream()
        .map(JobEvent.class::cast)
        .anyMatch(event -> event.state() == JobState.STORED);
  }

  /** What happens after a call has returned, and what is returned instead. */
  private interface After {
    Object returned(String method, Object[] arguments, Object result);
  }

  /** Every call goes through, whatever the port has. */
  private static <T> T wrap(Class<T> port, T real, After after) {
    Object proxy =
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (self, method, arguments) -> {
              try {
                Object result = method.invoke(real, arguments);
                return after.returned(method.getName(), arguments, result);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
    return port.cast(proxy);
  }
}
