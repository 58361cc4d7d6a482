package farm.darkroom.common.kafka;

import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.LaneOrder;
import farm.darkroom.common.queue.Lease;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One worker's side of a queue, on a share group. Opening it verifies the queue's topics and dead
 * letter set-up, and fails where something is missing. Thread-safe; calls of {@link #lease} wait
 * for each other.
 *
 * <p>Lanes are asked in the order of {@link LaneOrder}, each through a share consumer of its own. A
 * lane is passed over only when its consumer has a fetch open that brought nothing, or when the
 * group's offsets say that it holds nothing. A fetch that is still open when this worker has what
 * it wanted could take a job that then waits here for the whole render. So 150 ms after a call of
 * {@link #lease} gave a job, the consumers with such a fetch are closed, which hands that job on at
 * once; a worker with jobs shorter than that never pays for it. A worker that got nothing is
 * expected back, and keeps its fetches open for a second: closing one that a job is just coming to
 * costs that job a delivery. A closed lane's consumer is opened again only when the lane has a job,
 * or this worker nothing to do.
 *
 * <p>Hence a high job that comes while some workers render starts on the first one that is idle or
 * comes free: at once, or some 200 ms later when it fell into the hands of one that had just begun
 * to render.
 */
public final class KafkaJobQueue implements JobQueue {
  private static final Duration PATIENCE = Duration.ofMillis(150);
  private static final Duration IDLE_PATIENCE = Duration.ofSeconds(1);
  private static final Duration QUICK = Duration.ofMillis(20);
  private static final Duration JOIN = Duration.ofSeconds(10);
  private static final long CONTACT_NANOS = Duration.ofSeconds(5).toNanos();

  private final QueueTerms terms;
  private final Admin admin;
  private final Backlog backlog;
  private final Map<Lane, LaneSeats> lanes = new EnumMap<>(Lane.class);
  private final LaneOrder order = new LaneOrder();
  private final Curfew curfew = new Curfew(this::closeFetching);
  private Duration patience = IDLE_PATIENCE;
  private long askedAt;
  private long contact = System.nanoTime();
  private boolean closed;

  /**
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, also when the queue is not set up
   */
  public KafkaJobQueue(KafkaSettings settings, String queue) {
    QueueNames names = new QueueNames(queue);
    try (FarmTopics topics = new FarmTopics(settings)) {
      this.terms = topics.verify(names);
    }
    KafkaClients clients = new KafkaClients(settings);
    this.admin = clients.admin();
    this.backlog = new Backlog(admin, clients.failures(), names);
    for (Lane lane : Lane.values()) {
      String topic = names.topic(lane);
      lanes.put(
          lane,
          new LaneSeats(
              topic,
              () ->
                  new Seat(topic, () -> clients.shareConsumer(names.group()), clients.failures())));
    }
  }

  @Override
  public synchronized Optional<Lease> lease(Duration wait) {
    if (closed) {
      return Optional.empty();
    }
    curfew.cancel();
    patience = IDLE_PATIENCE;
    try {
      return leaseWithin(wait);
    } finally {
      askedAt = System.nanoTime();
      curfew.begin(patience);
    }
  }

  private Optional<Lease> leaseWithin(Duration wait) {
    long deadline = System.nanoTime() + wait.toNanos();
    boolean brisk = System.nanoTime() - askedAt < PATIENCE.toNanos();
    Optional<Lease> lease = look(brisk);
    return lease.isPresent() || wait.isZero() ? lease : await(deadline);
  }

  @Override
  public Duration leaseTime() {
    return terms.leaseTime();
  }

  @Override
  public int deliveryLimit() {
    return terms.deliveryLimit();
  }

  @Override
  public synchronized void close() {
    closed = true;
    curfew.close();
    lanes.values().forEach(LaneSeats::close);
    admin.close(Duration.ofSeconds(1));
  }

  /** Asks every lane once. A lane that is closed and empty stays closed, unless jobs are short. */
  private Optional<Lease> look(boolean brisk) {
    Peek peek = new Peek();
    for (Lane lane : order.next()) {
      Seat seat = lanes.get(lane).free();
      if (seat.isOpen() || brisk || peek.hasJobs(lane)) {
        Optional<ConsumerRecord<byte[], byte[]>> record = ask(lane, seat, peek);
        if (record.isPresent()) {
          return Optional.of(grant(lane, seat, record.get()));
        }
      }
      order.empty(lane);
    }
    return Optional.empty();
  }

  /**
   * Asks until the broker has said whether this lane has a job for this worker. Where a fetch was
   * answered before, what came since lies in the client.
   */
  private Optional<ConsumerRecord<byte[], byte[]>> ask(Lane lane, Seat seat, Peek peek) {
    long deadline = System.nanoTime() + JOIN.toNanos();
    boolean quiet = seat.isOpen() && !seat.isFetching();
    Optional<ConsumerRecord<byte[], byte[]>> record = seat.take(quiet ? QUICK : Duration.ZERO);
    while (record.isEmpty()
        && !seat.isAnswered()
        && System.nanoTime() < deadline
        && peek.again().hasJobs(lane)) {
      record = seat.take(QUICK);
    }
    return record;
  }

  /** Nothing to do: all lanes fetch, and the first job of any is taken. */
  private Optional<Lease> await(long deadline) {
    while (System.nanoTime() < deadline) {
      for (Lane lane : order.next()) {
        Optional<Lease> lease = take(lane, Duration.ZERO);
        if (lease.isPresent()) {
          return lease;
        }
      }
      Optional<Lease> lease = take(Lane.NORMAL, shorter(QUICK, deadline - System.nanoTime()));
      if (lease.isPresent()) {
        return lease;
      }
    }
    requireContact();
    return Optional.empty();
  }

  private Optional<Lease> take(Lane lane, Duration wait) {
    Seat seat = lanes.get(lane).free();
    Optional<ConsumerRecord<byte[], byte[]>> record = seat.take(wait);
    if (record.isEmpty()) {
      order.empty(lane);
    }
    return record.map(found -> grant(lane, seat, found));
  }

  /** An idle client says nothing of a broker that is gone: ask, now and then. */
  private void requireContact() {
    if (System.nanoTime() - contact > CONTACT_NANOS) {
      new Peek().again();
    }
  }

  private Lease grant(Lane lane, Seat seat, ConsumerRecord<byte[], byte[]> record) {
    contact = System.nanoTime();
    patience = PATIENCE;
    order.leased(lane);
    return new KafkaLease(seat, record, lane, terms.leaseTime());
  }

  /** Nobody has asked for a while: whatever else comes this way is for other workers. */
  private synchronized void closeFetching() {
    if (System.nanoTime() - askedAt >= patience.toNanos()) {
      lanes.values().forEach(LaneSeats::closeFetching);
    }
  }

  private static Duration shorter(Duration wait, long nanos) {
    return wait.toNanos() < nanos ? wait : Duration.ofNanos(Math.max(nanos, 0));
  }

  /** What the group's offsets say of the lanes; read at most once in a look unless asked again. */
  private final class Peek {
    private Map<String, Long> depth;

    Peek again() {
      depth = backlog.read();
      contact = System.nanoTime();
      return this;
    }

    boolean hasJobs(Lane lane) {
      if (depth == null) {
        again();
      }
      LaneSeats seats = lanes.get(lane);
      Long jobs = depth.get(seats.topic());
      return jobs == null || jobs > seats.held();
    }
  }
}
