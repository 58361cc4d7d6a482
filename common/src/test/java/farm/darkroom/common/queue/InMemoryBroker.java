package farm.darkroom.common.queue;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * One queue's broker for tests: lanes of records, leases that expire by the clock, dead letters. It
 * follows what a Kafka share group does, its lack of fencing aside: here a stale lease is always
 * known to be lost. Thread-safe.
 */
public final class InMemoryBroker implements JobPublisher, DeadLetters {
  /** A record of a lane; {@code holder} is the lease that has it, null while it waits. */
  static final class Entry {
    final Lane lane;
    final long offset;
    final Posting posting;
    int deliveries;
    InMemoryLease holder;
    Instant expires;

    Entry(Lane lane, long offset, Posting posting) {
      this.lane = lane;
      this.offset = offset;
      this.posting = posting;
    }

    String source() {
      return "darkroom.memory." + lane.label();
    }

    String record() {
      return source() + "@" + offset;
    }
  }

  private final Clock clock;
  private final Duration leaseTime;
  private final int deliveryLimit;
  private final Map<Lane, NavigableMap<Long, Entry>> lanes = new EnumMap<>(Lane.class);
  private final List<DeadLetter> dead = new ArrayList<>();
  private final DeadLetters letters = deadLetters();
  private long offset;
  private boolean down;
  private boolean placeless;

  public InMemoryBroker(Clock clock, Duration leaseTime, int deliveryLimit) {
    this.clock = clock;
    this.leaseTime = leaseTime;
    this.deliveryLimit = deliveryLimit;
    for (Lane lane : Lane.values()) {
      lanes.put(lane, new TreeMap<>());
    }
  }

  /** A new worker's side of this queue. */
  public InMemoryJobQueue join() {
    return new InMemoryJobQueue(this);
  }

  /** From now on every call fails as if the broker were gone, until {@code outage(false)}. */
  public synchronized void outage(boolean now) {
    down = now;
    notifyAll();
  }

  /** From now on there is no place for dead letters that workers make. */
  public synchronized void loseDeadLetters() {
    placeless = true;
  }

  /** Every lease lapses now, as after a pause longer than the lease time. */
  public synchronized void expireAll() {
    entries().stream().filter(entry -> entry.holder != null).forEach(this::giveBack);
  }

  /** How many jobs wait or are leased. */
  public synchronized int depth() {
    return entries().size();
  }

  Duration leaseTime() {
    return leaseTime;
  }

  int deliveryLimit() {
    return deliveryLimit;
  }

  @Override
  public synchronized void publish(Lane lane, List<Posting> postings) {
    requireUp();
    for (Posting posting : postings) {
      lanes.get(lane).put(offset, new Entry(lane, offset, posting));
      offset++;
    }
    notifyAll();
  }

  /** A reader of the dead letters, who purges what he has listed. */
  public DeadLetters deadLetters() {
    return new Reader();
  }

  @Override
  public List<DeadLetter> list() {
    return letters.list();
  }

  @Override
  public List<DeadLetter> last(int count) {
    return letters.last(count);
  }

  @Override
  public long purge() {
    return letters.purge();
  }

  private synchronized List<DeadLetter> letters() {
    requireUp();
    expire();
    return List.copyOf(dead);
  }

  private synchronized long purge(Optional<List<DeadLetter>> listed) {
    requireUp();
    long before = dead.size();
    dead.removeAll(listed.orElse(List.copyOf(dead)));
    return before - dead.size();
  }

  private final class Reader implements DeadLetters {
    private Optional<List<DeadLetter>> listed = Optional.empty();

    @Override
    public List<DeadLetter> list() {
      listed = Optional.of(letters());
      return listed.orElseThrow();
    }

    @Override
    public List<DeadLetter> last(int count) {
      List<DeadLetter> all = letters();
      return all.subList(Math.max(0, all.size() - count), all.size());
    }

    @Override
    public long purge() {
      return InMemoryBroker.this.purge(listed);
    }
  }

  @Override
  public void close() {}

  synchronized Optional<InMemoryLease> take(LaneOrder order, Duration wait, BooleanSupplier gone)
      throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    while (true) {
      if (gone.getAsBoolean()) {
        return Optional.empty();
      }
      requireUp();
      expire();
      for (Lane lane : order.next()) {
        Optional<Entry> first =
            lanes.get(lane).values().stream().filter(entry -> entry.holder == null).findFirst();
        if (first.isPresent()) {
          order.leased(lane);
          return Optional.of(lend(first.get()));
        }
        order.empty(lane);
      }
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return Optional.empty();
      }
      wait(Math.min(left, 10)); // a lease may expire without anyone calling
    }
  }

  private InMemoryLease lend(Entry entry) {
    entry.deliveries++;
    entry.holder = new InMemoryLease(this, entry, entry.deliveries);
    entry.expires = clock.instant().plus(leaseTime);
    return entry.holder;
  }

  synchronized boolean renew(InMemoryLease lease) {
    boolean held = holds(lease);
    if (held) {
      lease.entry().expires = clock.instant().plus(leaseTime);
    }
    return held;
  }

  synchronized boolean accept(InMemoryLease lease) {
    boolean held = holds(lease);
    if (held) {
      remove(lease.entry());
    }
    return held;
  }

  synchronized boolean release(InMemoryLease lease) {
    boolean held = holds(lease);
    if (held) {
      giveBack(lease.entry());
    }
    return held;
  }

  synchronized void requireDeadLetters() {
    requireUp();
    if (placeless) {
      throw new FarmException(FailureKind.QUEUE_UNAVAILABLE, "no dead letter topic in memory");
    }
  }

  synchronized boolean reject(InMemoryLease lease) {
    requireDeadLetters();
    boolean held = holds(lease);
    if (held) {
      bury(lease.entry());
    }
    return held;
  }

  /** A member leaves: what it holds is free at once, also while the broker is down. */
  synchronized void leave(Set<InMemoryLease> leases) {
    leases.stream()
        .filter(lease -> lease.entry().holder == lease)
        .forEach(lease -> giveBack(lease.entry()));
  }

  private boolean holds(InMemoryLease lease) {
    requireUp();
    expire();
    return lease.entry().holder == lease;
  }

  private void expire() {
    Instant now = clock.instant();
    entries().stream()
        .filter(entry -> entry.holder != null && !now.isBefore(entry.expires))
        .forEach(this::giveBack);
  }

  private void giveBack(Entry entry) {
    entry.holder = null;
    if (entry.deliveries >= deliveryLimit) {
      bury(entry);
    }
    notifyAll();
  }

  private void bury(Entry entry) {
    remove(entry);
    Posting posting = entry.posting;
    dead.add(
        new DeadLetter(
            posting.key(),
            posting.payload(),
            entry.source(),
            entry.deliveries,
            clock.instant(),
            Optional.of(entry.record())));
  }

  private void remove(Entry entry) {
    entry.holder = null;
    lanes.get(entry.lane).remove(entry.offset);
  }

  private List<Entry> entries() {
    return lanes.values().stream().flatMap(lane -> lane.values().stream()).toList();
  }

  private void requireUp() {
    if (down) {
      throw new FarmException(FailureKind.QUEUE_UNAVAILABLE, "broker in memory is down");
    }
  }
}
