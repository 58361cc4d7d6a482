package farm.darkroom.worker.lease;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.DaemonThreads;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.queue.RecordName;
import farm.darkroom.worker.health.Metrics;
import farm.darkroom.worker.health.StoppableTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Renews leases in threads of its own while the worker is busy with their jobs: each one when a
 * third of the lease time has passed. A renewal that the broker did not answer is tried again
 * twelve times in a lease time, or each second where that is more often; when that time is over the
 * lease counts as lost. Thread-safe.
 */
public final class LeaseKeeper implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final int CHECKS_PER_LEASE_TIME = 12;

  /** A lease time that gets much shorter while a lease is held is seen in time. */
  private static final long LONGEST_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  /** A renewal that waits for a broker holds up no other lease. */
  private static final int THREADS = 4;

  private final Supplier<Duration> leaseTime;
  private final StoppableTime time;
  private final Metrics metrics;
  private final Set<Kept> leases = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor threads =
      new ScheduledThreadPoolExecutor(THREADS, DaemonThreads.named("lease-keeper"));

  /**
   * @param leaseTime how long a lease lasts; may change while they last
   */
  public LeaseKeeper(Supplier<Duration> leaseTime, StoppableTime time, Metrics metrics) {
    this.leaseTime = requireNonNull(leaseTime, "leaseTime");
    this.time = requireNonNull(time, "time");
    this.metrics = requireNonNull(metrics, "metrics");
    // Leases of short jobs end before the first check, which would wake a thread for nothing.
    threads.setRemoveOnCancelPolicy(true);
  }

  /** Renews {@code lease}, which has just been acquired, until the result is closed. */
  public Kept keep(Lease lease) {
    Kept kept = new Kept(lease);
    leases.add(kept);
    long share = leaseTime.get().dividedBy(CHECKS_PER_LEASE_TIME).toNanos();
    long interval = Math.min(share, LONGEST_INTERVAL_NANOS);
    kept.renewals =
        threads.scheduleWithFixedDelay(kept::renewIfDue, interval, interval, TimeUnit.NANOSECONDS);
    return kept;
  }

  /** How many leases are kept, and not lost. */
  public int held() {
    return (int) leases.stream().filter(kept -> !kept.lost()).count();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  /** A lease that is being renewed. Thread-safe. */
  public final class Kept implements AutoCloseable {
    private final Lease lease;
    private volatile Future<?> renewals;
    private volatile long renewedAt = time.nanos();
    private volatile long length = leaseTime.get().toNanos();
    private volatile boolean lost;
    private volatile Map<String, String> about;
    private boolean ended;

    private Kept(Lease lease) {
      this.lease = lease;
      this.about = Map.of("job", RecordName.unread(lease.key(), lease.payload()));
    }

    /** Names the job in what is logged of its lease. */
    public void about(String job, Optional<String> batch) {
      about = batch.map(name -> Map.of("job", job, "batch", name)).orElse(Map.of("job", job));
    }

    /**
     * Whether another worker has the job, or may have it by now: also when this whole process stood
     * still for longer than the lease time.
     */
    public boolean lost() {
      return lost || age() >= length;
    }

    /** Renews the lease if a third of its time has passed. */
    public synchronized void renewIfDue() {
      if (!ended && !lost() && isDue()) {
        MDC.setContextMap(about);
        try {
          renew();
        } finally {
          MDC.clear();
        }
      }
    }

    /**
     * Ends the lease by {@code how}: accept, release or reject; no renewal comes after it.
     *
     * @return false when the lease was lost
     */
    public synchronized boolean end(Predicate<Lease> how) {
      boolean held = how.test(lease);
      if (!held) {
        metrics.leaseLost();
      }
      ended = true;
      close();
      return held;
    }

    /**
     * Lets go of a lease that is lost, or that nothing can end properly: the queue's client would
     * keep its place for it for ever. Where the lease is still this worker's, the job goes back.
     */
    public synchronized void abandon() {
      close();
      if (!ended) {
        ended = true;
        try {
          lease.release();
        } catch (FarmException e) {
          log.debug("the lease runs out by itself", e);
        }
      }
    }

    /** By the shorter one of its own time and that which may hold by now. */
    private boolean isDue() {
      return age() >= Math.min(length, leaseTime.get().toNanos()) / 3;
    }

    private long age() {
      return time.nanos() - renewedAt;
    }

    private void renew() {
      long asked = time.nanos();
      try {
        lost = !lease.renew();
        renewedAt = asked;
        length = leaseTime.get().toNanos();
        if (!lost) {
          metrics.renewed();
        }
      } catch (FarmException e) {
        log.warn("lease not renewed: {}", e.getMessage());
      } catch (RuntimeException | Error e) {
        // Thrown out of here it would be the end of all renewals.
        log.error("lease not renewed", e);
      }
      if (lost) {
        log.warn("lease lost");
      }
    }

    /** Stops the renewals; the lease itself is not ended. */
    @Override
    public void close() {
      leases.remove(this);
      renewals.cancel(false);
    }
  }
}
