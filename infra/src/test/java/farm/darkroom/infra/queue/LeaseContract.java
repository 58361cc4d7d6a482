package farm.darkroom.infra.queue;

import static farm.darkroom.infra.queue.OpenQueue.drain;
import static farm.darkroom.infra.queue.OpenQueue.lease;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Pause;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What becomes of a job that is leased. */
interface LeaseContract extends OpenQueue {
  @Test
  default void aLeaseCarriesTheJob() {
    publish(Lane.NORMAL, "a");
    Lease lease = lease(join());
    assertThat(lease.key()).isEqualTo("a");
    assertThat(lease.payload()).isEqualTo(OpenQueue.job("a"));
    assertThat(lease.lane()).isEqualTo(Lane.NORMAL);
    assertThat(lease.deliveryCount()).isEqualTo(1);
    assertThat(lease.accept()).isTrue();
  }

  @Test
  default void anEmptyQueueGivesNothing() {
    assertThat(join().lease(Duration.ofMillis(50))).isEmpty();
  }

  @Test
  default void whoIsToLeaseNoMoreIsGivenNothingAndKeepsWhatIsHeld() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b");
    Lease held = lease(worker);
    worker.stopLeasing();
    assertThat(worker.lease(Duration.ofDays(1))).isEmpty();
    assertThat(held.renew()).isTrue();
    assertThat(held.accept()).isTrue();
    assertThat(drain(join(), 1)).containsExactly("b");
  }

  @Test
  default void aLeaseThatWaitsEndsWhenNoneIsToBeGiven() {
    JobQueue worker = join();
    CompletableFuture<Optional<Lease>> waiting =
        CompletableFuture.supplyAsync(() -> worker.lease(Duration.ofDays(1)));
    Pause.of(Duration.ofMillis(100));
    worker.stopLeasing();
    assertThat(waiting).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(Optional.empty());
  }

  @Test
  default void termsAreThoseOfTheQueue() {
    JobQueue worker = join();
    assertThat(worker.leaseTime()).isEqualTo(LEASE_TIME);
    assertThat(worker.deliveryLimit()).isEqualTo(DELIVERY_LIMIT);
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  default void acceptedJobsDoNotComeAgain() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b");
    assertThat(lease(worker).accept()).isTrue();
    assertThat(lease(worker).accept()).isTrue();
    assertThat(worker.lease(LEASE_TIME.plusMillis(500))).isEmpty();
  }

  @Test
  default void aReleasedJobComesAgainWithAHigherCount() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a");
    assertThat(lease(worker).release()).isTrue();
    Lease again = lease(worker);
    assertThat(again.key()).isEqualTo("a");
    assertThat(again.deliveryCount()).isEqualTo(2);
    assertThat(again.accept()).isTrue();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  default void renewalKeepsALeaseOfAnyLength() {
    JobQueue worker = join();
    JobQueue other = join();
    publish(Lane.NORMAL, "a", "b");
    Lease lease = lease(worker);
    assertThat(drain(other, 1)).containsExactly("b");
    CompletableFuture<Boolean> stolen =
        CompletableFuture.supplyAsync(() -> other.lease(LEASE_TIME.multipliedBy(2)).isPresent());
    while (!stolen.isDone()) {
      assertThat(lease.renew()).isTrue();
      Pause.of(LEASE_TIME.dividedBy(4));
    }
    assertThat(stolen.join()).isFalse();
    assertThat(lease.accept()).isTrue();
  }

  @Test
  default void aRenewalTakesNoSecondJob() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b");
    Lease lease = lease(worker);
    for (int i = 0; i < 3; i++) {
      assertThat(lease.renew()).isTrue();
    }
    Lease other = lease(join());
    assertThat(other.key()).isEqualTo("b");
    assertThat(other.deliveryCount()).isEqualTo(1);
    assertThat(other.accept()).isTrue();
    assertThat(lease.accept()).isTrue();
  }

  @Test
  default void aLeaseEndsOnce() {
    publish(Lane.NORMAL, "a");
    Lease lease = lease(join());
    assertThat(lease.accept()).isTrue();
    assertThat(lease.accept()).isFalse();
    assertThat(lease.release()).isFalse();
    assertThat(lease.renew()).isFalse();
  }

  @Test
  default void severalLeasesMayBeOpenForAMicroBatch() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b", "c");
    List<Lease> batch = List.of(lease(worker), lease(worker), lease(worker));
    assertThat(batch).extracting(Lease::key).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(batch).allMatch(Lease::renew);
    assertThat(batch).allMatch(Lease::accept);
  }
}
