package farm.darkroom.common.kafka;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.LaneSearch.Found;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ShareConsumer;

/**
 * One worker's side of a queue, on a share group. Opening it verifies the queue's topics and dead
 * letter set-up, and fails where something is missing; {@link #lease} fails while that is seen to
 * be so later. Thread-safe; calls of {@link #lease} wait for each other.
 *
 * <p>Lanes and their tracks are asked in the order of {@link LaneSearch}, each track through a
 * share consumer of its own: on one consumer the broker would give every worker only a part of the
 * tracks. A track is passed over only when its consumer has a fetch open that brought nothing, or
 * when the group's offsets say that it holds nothing. A fetch that is still open when this worker
 * has what it wanted could take a job that then waits here for the whole render. So 150 ms after a
 * call of {@link #lease} gave a job, the consumers with such a fetch are closed, which hands that
 * job on at once; a worker with jobs shorter than that never pays for it. A worker that got nothing
 * is expected back, and keeps its fetches open for a second: closing one that a job is just coming
 * to costs that job a delivery. A closed consumer is opened again only when its track has a job, or
 * this worker nothing to do.
 *
 * <p>Hence a high job that comes while some workers render starts on the first one that is idle or
 * comes free: at once, or some 200 ms later when it fell into the hands of one that had just begun
 * to render. Where a lease was expected, it may pass over a high job that came after that was said,
 * in the last 250 ms.
 */
public final class KafkaJobQueue implements JobQueue {
  private static final Duration PATIENCE = LeaseTiming.BUSY;
  private static final Duration IDLE_PATIENCE = Duration.ofSeconds(1);
  private static final long CONTACT_NANOS = Duration.ofSeconds(5).toNanos();

  private final KafkaFailures failures;
  private final Admin admin;
  private final GroupOffsets group;
  private final CurrentLeaseSettings leaseSettings;
  private final CurrentTracks tracks;
  private final QueueMonitor watch;
  private final QueueDepths depths;
  private final Lanes lanes;
  private final LaneSearch search;
  private final IdleTimer idleTimer = new IdleTimer(this::closeFetching);
  private final PollSignal pollSignal = new PollSignal();
  private final InterruptibleWaits waits = new InterruptibleWaits();
  private final ExecutorService polls = PollThreads.open();
  private final LeaseTiming timing = new LeaseTiming();
  private Duration patience = IDLE_PATIENCE;
  private long contact = System.nanoTime();
  private boolean closed;

  /**
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, also when the queue is not set up
   */
  public KafkaJobQueue(KafkaSettings settings, String queue) {
    KafkaClients clients = new KafkaClients(settings);
    QueueNames names = new QueueNames(queue);
    this.failures = clients.failures();
    this.admin = clients.admin();
    this.group = new GroupOffsets(admin, clients::admin, failures);
    FarmTopics topics = new FarmTopics(admin, failures, group);
    Backlog backlog = new Backlog(group, names);
    this.depths = new QueueDepths(backlog::begin, System::nanoTime);
    this.tracks = new CurrentTracks(new TopicOffsets(admin, failures), backlog);
    Supplier<ShareConsumer<byte[], byte[]>> member = () -> member(clients, names);
    this.lanes =
        new Lanes(topic -> slots(topic, member), depths, tracks::unread, tracks::isDivided);
    this.search = new LaneSearch(lanes, pollSignal, failures);
    try {
      LeaseSettings found = topics.verify(names);
      QueueCheck check = new QueueCheck(admin, failures);
      this.leaseSettings = new CurrentLeaseSettings(check, names, found);
      tracks.read(check.topicNames());
      this.watch = new QueueMonitor(check::topicNames, List.of(leaseSettings::read, tracks::read));
    } catch (RuntimeException e) {
      idleTimer.close();
      group.close();
      admin.close(Duration.ofSeconds(1));
      throw e;
    }
  }

  private ShareConsumer<byte[], byte[]> member(KafkaClients clients, QueueNames names) {
    leaseSettings.requireSetUpNow();
    // Kafka logs stack traces of a constructor that is interrupted.
    return waits.uninterrupted(() -> clients.shareConsumer(names.group()));
  }

  private TrackSlots slots(String topic, Supplier<ShareConsumer<byte[], byte[]>> member) {
    return new TrackSlots(
        topic, freed -> new LeaseSlot(topic, member, failures, polls, pollSignal, freed));
  }

  @Override
  public Optional<Lease> lease(Duration wait) {
    if (!waits.begin()) {
      return Optional.empty();
    }
    try {
      return leased(wait);
    } catch (FarmException e) {
      if (waits.isStopped()) {
        return Optional.empty();
      }
      throw e;
    } finally {
      waits.end();
    }
  }

  @Override
  public void stopLeasing() {
    waits.stop();
  }

  private synchronized Optional<Lease> leased(Duration wait) {
    if (closed) {
      return Optional.empty();
    }
    idleTimer.cancel();
    // What comes to the fetches of a worker that takes no jobs would but wait there.
    patience = Duration.ZERO;
    try {
      leaseSettings.requireSetUp();
      patience = IDLE_PATIENCE;
      serveTracks();
      return leaseWithin(wait);
    } finally {
      timing.leased(System.nanoTime());
      idleTimer.begin(patience);
    }
  }

  private void serveTracks() {
    tracks.all().forEach(lanes::serve);
  }

  private Optional<Lease> leaseWithin(Duration wait) {
    long now = System.nanoTime();
    long deadline = now + wait.toNanos();
    Optional<Found> found = searchOnce(now);
    if (found.isEmpty() && !wait.isZero()) {
      found = search.until(deadline, this::serveTracks);
      if (found.isEmpty()) {
        requireContact();
      }
    }
    return found.map(this::granted);
  }

  /** Requests the depths ahead, unless jobs are so short that the next lease does not need them. */
  @Override
  public void expectLease() {
    long now = System.nanoTime();
    if (timing.expect(now)) {
      depths.refreshSince(now);
    }
  }

  @Override
  public Duration leaseTime() {
    return leaseSettings.leaseTime();
  }

  @Override
  public int deliveryLimit() {
    return leaseSettings.deliveryLimit();
  }

  @Override
  public synchronized void close() {
    closed = true;
    watch.close();
    idleTimer.close();
    lanes.close();
    polls.shutdown();
    group.close();
    admin.close(Duration.ZERO);
  }

  private Optional<Found> searchOnce(long now) {
    if (timing.isBusy(now) && lanes.areShared()) {
      depths.refreshSince(now - LeaseTiming.REFRESH_NANOS);
    }
    return search.once(timing.mode(now));
  }

  /** Contacts the broker now and then, because an idle client does not report that it is gone. */
  private void requireContact() {
    long silence = System.nanoTime() - CONTACT_NANOS;
    if (contact - silence < 0) {
      depths.since(silence);
    }
  }

  private Lease granted(Found found) {
    contact = System.nanoTime();
    patience = PATIENCE;
    return new KafkaLease(found.slot(), found.record(), found.lane(), leaseSettings);
  }

  /**
   * Stops fetching when no lease was requested for a while, so that new jobs go to other workers.
   */
  private synchronized void closeFetching() {
    if (timing.since(System.nanoTime()) >= patience.toNanos()) {
      lanes.closeFetching();
    }
  }
}
