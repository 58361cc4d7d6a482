package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.queue.InMemoryBroker;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import farm.darkroom.common.queue.WrappedLease;
import farm.darkroom.worker.health.ManualTime;
import farm.darkroom.worker.health.Metrics;
import farm.darkroom.worker.health.StoppableTime;
import farm.darkroom.worker.health.WorkerStatus;
import farm.darkroom.worker.lease.LeaseKeeper;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LeaseKeeperTest {
  private static final Duration LEASE_TIME = Duration.ofSeconds(30);
  private final ManualTime time = new ManualTime();
  private final InMemoryBroker broker = new InMemoryBroker(time, LEASE_TIME, 5);
  private final LeaseKeeper keeper =
      new LeaseKeeper(() -> LEASE_TIME, time, new Metrics(new WorkerStatus(time, Optional::empty)));
  private final LeaseKeeper.Kept kept = keeper.keep(lease());

  @Test
  void renewsAfterAThirdOfTheLeaseTime() {
    for (int second = 0; second < 100; second++) {
      time.advance(Duration.ofSeconds(1));
      kept.renewIfDue();
    }
    assertThat(kept.lost()).isFalse();
    assertThat(broker.join().lease(Duration.ZERO)).isEmpty();
  }

  @Test
  void leaseTakenByAnotherIsLost() {
    broker.expireAll();
    time.advance(LEASE_TIME.dividedBy(2));
    kept.renewIfDue();
    assertThat(kept.lost()).isTrue();
  }

  @Test
  void outageLosesLeaseWhenItExpires() {
    broker.outage(true);
    time.advance(LEASE_TIME.minusSeconds(1));
    kept.renewIfDue();
    assertThat(kept.lost()).isFalse();
    time.advance(Duration.ofSeconds(1));
    assertThat(kept.lost()).isTrue();
  }

  @Test
  void outageWithinLeaseTimeKeepsLease() {
    broker.outage(true);
    time.advance(LEASE_TIME.dividedBy(2));
    kept.renewIfDue();
    broker.outage(false);
    kept.renewIfDue();
    time.advance(LEASE_TIME.minusSeconds(1));
    assertThat(kept.lost()).isFalse();
  }

  @Test
  void shorterLeaseTimeAppliesAtOnce() {
    AtomicReference<Duration> leaseTime = new AtomicReference<>(LEASE_TIME);
    Counting lease = new Counting(lease());
    LeaseKeeper own =
        new LeaseKeeper(leaseTime::get, time, new Metrics(new WorkerStatus(time, Optional::empty)));
    LeaseKeeper.Kept shortened = own.keep(lease);
    leaseTime.set(LEASE_TIME.dividedBy(4));
    time.advance(LEASE_TIME.dividedBy(4).minusSeconds(1));
    shortened.renewIfDue();
    assertThat(lease.renewals).as("renewals before a third of the old time").isEqualTo(1);
    leaseTime.set(LEASE_TIME);
    time.advance(LEASE_TIME.dividedBy(4).minusSeconds(1));
    shortened.renewIfDue();
    assertThat(lease.renewals).as("renewals; this lease is still a short one").isEqualTo(2);
    time.advance(LEASE_TIME.minusSeconds(1));
    assertThat(shortened.lost()).isFalse();
    own.close();
  }

  /** Counts its renewals. */
  private static final class Counting extends WrappedLease {
    private int renewals;

    Counting(Lease lease) {
      super(lease);
    }

    @Override
    public boolean renew() {
      renewals++;
      return super.renew();
    }
  }

  @Test
  void unexpectedExceptionKeepsRenewing() {
    Startling lease = new Startling(lease());
    LeaseKeeper.Kept startled = keeper.keep(lease);
    time.advance(LEASE_TIME.dividedBy(2));
    startled.renewIfDue();
    lease.calm = true;
    startled.renewIfDue();
    time.advance(LEASE_TIME.minusSeconds(1));
    assertThat(startled.lost()).isFalse();
  }

  /** Throws what no client should, until it is calm. */
  private static final class Startling extends WrappedLease {
    private boolean calm;

    Startling(Lease lease) {
      super(lease);
    }

    @Override
    public boolean renew() {
      if (!calm) {
        throw new OutOfMemoryError("Java heap space");
      }
      return super.renew();
    }
  }

  @Test
  void suspendedProcessLosesLeaseAtOnce() {
    time.advance(LEASE_TIME);
    assertThat(kept.lost()).isTrue();
  }

  @Test
  void openLeasesAreCounted() {
    assertThat(keeper.held()).isEqualTo(1);
    time.advance(LEASE_TIME);
    assertThat(keeper.held()).as("lost").isZero();
    LeaseKeeper.Kept other = keeper.keep(lease());
    assertThat(keeper.held()).isEqualTo(1);
    other.end(Lease::accept);
    assertThat(keeper.held()).isZero();
  }

  @Test
  void noRenewalAfterTheEnd() {
    assertThat(kept.end(Lease::accept)).isTrue();
    time.advance(LEASE_TIME.dividedBy(2));
    kept.renewIfDue();
    assertThat(kept.lost()).isFalse();
  }

  @Test
  void renewsInAThreadOfItsOwn() {
    Duration shortTime = Duration.ofMillis(300);
    InMemoryBroker real = new InMemoryBroker(Clock.systemUTC(), shortTime, 5);
    real.publish(Lane.NORMAL, List.of(new Posting("k", new byte[0])));
    try (LeaseKeeper running =
        new LeaseKeeper(
            () -> shortTime,
            StoppableTime.real(),
            new Metrics(new WorkerStatus(time, Optional::empty)))) {
      LeaseKeeper.Kept held = running.keep(real.join().lease(Duration.ZERO).orElseThrow());
      assertThat(real.join().lease(shortTime.multipliedBy(3))).isEmpty();
      assertThat(held.lost()).isFalse();
    }
  }

  @Test
  void muchShorterLeaseTimeIsNoticed() throws Exception {
    AtomicReference<Duration> leaseTime = new AtomicReference<>(Duration.ofMinutes(5));
    Noticing lease = new Noticing(lease());
    Metrics metrics = new Metrics(new WorkerStatus(time, Optional::empty));
    try (LeaseKeeper running = new LeaseKeeper(leaseTime::get, StoppableTime.real(), metrics)) {
      LeaseKeeper.Kept held = running.keep(lease);
      leaseTime.set(Duration.ofSeconds(3));
      assertThat(lease.renewed.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(held.lost()).isFalse();
    }
  }

  /** Notes that it was renewed. */
  private static final class Noticing extends WrappedLease {
    private final CountDownLatch renewed = new CountDownLatch(1);

    Noticing(Lease lease) {
      super(lease);
    }

    @Override
    public boolean renew() {
      renewed.countDown();
      return super.renew();
    }
  }

  /** What a queue's client keeps for a lease is freed only when the client is told. */
  @Test
  void expiredLeaseIsReleased() {
    InMemoryFarm farm = new InMemoryFarm();
    farm.submitSeed(1);
    FakeWorker worker = new FakeWorker(farm, "w1");
    Seen lease = new Seen(worker.queue.lease(Duration.ZERO).orElseThrow());
    worker.renderer.betweenSteps(() -> farm.time.advance(InMemoryFarm.LEASE_TIME));
    LeaseKeeper own = new LeaseKeeper(() -> InMemoryFarm.LEASE_TIME, farm.time, worker.metrics);
    assertThat(worker.finish(new Leased(lease, own.keep(lease)))).isEqualTo(new Idle());
    assertThat(worker.renderer.rendered()).isEmpty();
    assertThat(lease.released).isTrue();
    own.close();
  }

  /** Notes whether it was released. */
  private static final class Seen extends WrappedLease {
    private boolean released;

    Seen(Lease lease) {
      super(lease);
    }

    @Override
    public boolean release() {
      released = true;
      return super.release();
    }
  }

  private Lease lease() {
    broker.publish(Lane.NORMAL, List.of(new Posting("k", new byte[0])));
    return broker.join().lease(Duration.ZERO).orElseThrow();
  }
}
