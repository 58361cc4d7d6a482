package farm.darkroom.infra.dashboard;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.queue.DeadLetter;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.submitter.command.QueueLine;
import farm.darkroom.submitter.command.QueueReader;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.watch.DeadJob;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/** Reads a farm's state on demand, at most once a second. Thread-safe; readings are serialised. */
final class FarmMonitor implements AutoCloseable {
  /** Pictures and dead jobs of a page. */
  static final int MOST = 24;

  private static final int LAST_EVENTS = 2_000;
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

  private final Farm farm;
  private final StoreMonitor store;
  private final EventLog events;
  private final ProgressLog progress;
  private final Clock clock;
  private final LongSupplier nanos;
  private final ReentrantLock reading = new ReentrantLock();
  private final RecentlyEnded ends = new RecentlyEnded(MOST);
  private Optional<QueueReader> queues = Optional.empty();
  private volatile Optional<FarmView> last = Optional.empty();
  private long lastRead;

  /**
   * @param clock for when others said what they say
   * @param nanos the time, as {@link System#nanoTime} has it
   */
  FarmMonitor(Farm farm, Clock clock, LongSupplier nanos) {
    this.farm = farm;
    this.store = new StoreMonitor(farm.store(), nanos);
    this.events = farm.events();
    this.progress = farm.progress();
    this.clock = clock;
    this.nanos = nanos;
  }

  /**
   * The farm as it is now, or as it was when another, who reads it at this moment, looked last.
   *
   * @throws FarmException QUEUE_UNAVAILABLE
   */
  FarmView view() {
    if (!reading.tryLock()) {
      Optional<FarmView> before = last;
      if (before.isPresent()) {
        return before.orElseThrow();
      }
      reading.lock();
    }
    try {
      if (last.isEmpty() || nanos.getAsLong() - lastRead > FRESH_NANOS) {
        last = Optional.of(read());
        lastRead = nanos.getAsLong();
      }
      return last.orElseThrow();
    } finally {
      reading.unlock();
    }
  }

  /** What lies under a key, a picture normally; which waits for no reading. */
  Optional<byte[]> object(String key, long maxBytes) {
    return store.object(key, maxBytes);
  }

  @Override
  public void close() {
    reading.lock();
    try {
      queues.ifPresent(QueueReader::close);
      progress.close();
      events.close();
      store.close();
    } finally {
      reading.unlock();
    }
  }

  private FarmView read() {
    List<JobEvent> heard = events.last(LAST_EVENTS);
    List<QueueLine> lines = queues().read();
    ends.add(heard);
    lines.stream()
        .map(QueueLine::status)
        .filter(status -> status.deadLetters() > 0)
        .forEach(status -> ends.add(deadJobs(status.queue(), heard)));
    WorkerHeartbeats heartbeats = WorkerHeartbeats.read(progress, clock);
    boolean renders = heartbeats.beats().stream().anyMatch(beat -> beat.render().isPresent());
    return new FarmView(lines, heartbeats, store.refresh(ends.stored(), renders), ends.dead());
  }

  /**
   * The queue's last dead jobs, also those whose workers did not live to say so. Of one that died
   * before all that was heard nobody here knows whether it lives again.
   */
  private List<JobEvent> deadJobs(String queue, List<JobEvent> heard) {
    Map<String, JobEvent> latest = new HashMap<>();
    heard.forEach(event -> latest.put(event.jobId(), event));
    Instant since =
        heard.stream().map(JobEvent::at).min(Comparator.naturalOrder()).orElse(Instant.MIN);
    List<DeadLetter> letters = new Farm(farm.kafka(), farm.s3(), queue).deadLetters().last(MOST);
    return DeadJob.among(letters, latest).stream()
        .filter(dead -> dead.event().isPresent() || !dead.letter().at().isBefore(since))
        .map(DeadJob::asEvent)
        .toList();
  }

  /** Opened on first use, since the broker must be reachable by then. */
  private QueueReader queues() {
    if (queues.isEmpty()) {
      queues = Optional.of(new QueueReader(farm, clock));
    }
    return queues.orElseThrow();
  }
}
