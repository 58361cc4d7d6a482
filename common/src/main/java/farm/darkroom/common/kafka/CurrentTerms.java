package farm.darkroom.common.kafka;

import farm.darkroom.common.FarmException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The terms of a queue as they are now. An operator may change them while workers run, and the
 * broker goes by the new ones with the next lease or renewal. A thread reads them every few
 * seconds: often enough for a lease time of 15 seconds, the least that a broker allows unless
 * configured. Thread-safe.
 */
final class CurrentTerms implements KafkaLease.Terms, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CurrentTerms.class);
  private static final long EACH_SECONDS = 5;

  private final QueueCheck check;
  private final QueueNames names;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(CurrentTerms::daemon);
  private volatile QueueTerms terms;

  CurrentTerms(QueueCheck check, QueueNames names, QueueTerms first) {
    this.check = check;
    this.names = names;
    this.terms = first;
    Future<?> unused =
        thread.scheduleWithFixedDelay(this::read, EACH_SECONDS, EACH_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public Duration leaseTime() {
    return terms.leaseTime();
  }

  int deliveryLimit() {
    return terms.deliveryLimit();
  }

  @Override
  public void requireDeadLetters() {
    check.requireDeadLetters(names);
  }

  /** What is not heard stays as it was. */
  private void read() {
    try {
      QueueTerms found = check.terms(names);
      if (!found.equals(terms)) {
        log.info(
            "leases are of {} from now on, {} a job", found.leaseTime(), found.deliveryLimit());
      }
      terms = found;
    } catch (FarmException e) {
      log.debug("the terms of the queue cannot be read", e);
    } catch (RuntimeException e) {
      log.warn("the terms of the queue cannot be read", e);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "darkroom-terms");
    thread.setDaemon(true);
    return thread;
  }
}
