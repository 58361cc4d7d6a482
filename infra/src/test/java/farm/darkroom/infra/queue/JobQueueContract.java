package farm.darkroom.infra.queue;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.queue.DeadLetter;
import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every JobQueue does, whatever stands behind it. */
abstract class JobQueueContract {
  static final Duration PATIENCE = Duration.ofSeconds(15);
  static final Duration LEASE_TIME = Duration.ofSeconds(2);
  static final int DELIVERY_LIMIT = 3;

  private final List<JobQueue> joined = new ArrayList<>();
  private QueueUnderTest queue;

  abstract QueueUnderTest open();

  @BeforeEach
  void openQueue() {
    queue = open();
  }

  @AfterEach
  void closeQueue() {
    joined.forEach(JobQueue::close);
    queue.close();
  }

  @Test
  void aLeaseCarriesTheJob() {
    publish(Lane.NORMAL, "a");
    Lease lease = lease(join());
    assertThat(lease.key()).isEqualTo("a");
    assertThat(lease.payload()).isEqualTo(bytes("job a"));
    assertThat(lease.lane()).isEqualTo(Lane.NORMAL);
    assertThat(lease.deliveryCount()).isEqualTo(1);
    assertThat(lease.accept()).isTrue();
  }

  @Test
  void anEmptyQueueGivesNothing() {
    assertThat(join().lease(Duration.ofMillis(50))).isEmpty();
  }

  @Test
  void termsAreThoseOfTheQueue() {
    JobQueue worker = join();
    assertThat(worker.leaseTime()).isEqualTo(LEASE_TIME);
    assertThat(worker.deliveryLimit()).isEqualTo(DELIVERY_LIMIT);
  }

  @Test
  void acceptedJobsDoNotComeAgain() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b");
    assertThat(lease(worker).accept()).isTrue();
    assertThat(lease(worker).accept()).isTrue();
    assertThat(worker.lease(LEASE_TIME.plusMillis(500))).isEmpty();
  }

  @Test
  void aLaneKeepsItsOrder() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b", "c");
    assertThat(drain(worker, 3)).containsExactly("a", "b", "c");
  }

  @Test
  void aReleasedJobComesAgainWithAHigherCount() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a");
    assertThat(lease(worker).release()).isTrue();
    Lease again = lease(worker);
    assertThat(again.key()).isEqualTo("a");
    assertThat(again.deliveryCount()).isEqualTo(2);
    assertThat(again.accept()).isTrue();
  }

  @Test
  void theDeliveryLimitMakesADeadLetterThatHoldsTheJob() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a");
    for (int delivery = 1; delivery <= DELIVERY_LIMIT; delivery++) {
      Lease lease = lease(worker);
      assertThat(lease.deliveryCount()).isEqualTo(delivery);
      assertThat(lease.release()).isTrue();
    }
    DeadLetter letter = deadLetter();
    assertThat(letter.key()).isEqualTo("a");
    assertThat(letter.payload()).isEqualTo(bytes("job a"));
    assertThat(letter.deliveryCount()).isEqualTo(DELIVERY_LIMIT);
    assertThat(letter.source()).endsWith(".normal");
    assertThat(worker.lease(Duration.ofMillis(300))).isEmpty();
  }

  @Test
  void aRejectedJobIsADeadLetterAtOnce() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b");
    assertThat(lease(worker).reject()).isTrue();
    assertThat(deadLetter().key()).isEqualTo("a");
    assertThat(drain(worker, 1)).containsExactly("b");
  }

  @Test
  void purgedDeadLettersAreGone() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b");
    lease(worker).reject();
    lease(worker).reject();
    Await.until("2 dead letters", PATIENCE, () -> queue.deadLetters().list().size() == 2);
    assertThat(queue.deadLetters().purge()).isEqualTo(2);
    assertThat(queue.deadLetters().list()).isEmpty();
  }

  @Test
  void aDeadLetterThatComesAfterTheListIsNotPurged() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b");
    lease(worker).reject();
    DeadLetters letters = queue.deadLetters();
    Await.until("a dead letter", PATIENCE, () -> letters.list().size() == 1);
    lease(worker).reject();
    Await.until("another", PATIENCE, () -> queue.deadLetters().list().size() == 2);
    assertThat(letters.purge()).isEqualTo(1);
    assertThat(queue.deadLetters().list()).hasSize(1);
  }

  @Test
  void garbageIsDeliveredAsItIsAndCanBeRejected() {
    JobQueue worker = join();
    byte[] garbage = {(byte) 0xff, 0, (byte) 0xc3, 0x28, '\n'};
    queue.publisher().publish(Lane.NORMAL, List.of(new Posting("\u0000?", garbage)));
    publish(Lane.NORMAL, "good");
    Lease lease = lease(worker);
    assertThat(lease.payload()).isEqualTo(garbage);
    assertThat(lease.reject()).isTrue();
    assertThat(deadLetter().payload()).isEqualTo(garbage);
    assertThat(drain(worker, 1)).containsExactly("good");
  }

  @Test
  void aHungWorkersJobGoesToAnotherAndItsLateAcceptIsLost() {
    JobQueue hung = join();
    publish(Lane.NORMAL, "a");
    Lease stale = lease(hung);
    Lease fresh = lease(join());
    assertThat(fresh.key()).isEqualTo("a");
    assertThat(fresh.deliveryCount()).isEqualTo(2);
    assertThat(stale.renew()).isFalse();
    assertThat(stale.accept()).isFalse();
    assertThat(fresh.accept()).isTrue();
    assertThat(queue.deadLetters().list()).isEmpty();
  }

  @Test
  void aStaleAcceptAfterTheNewOwnersIsLostToo() {
    JobQueue hung = join();
    publish(Lane.NORMAL, "a");
    Lease stale = lease(hung);
    assertThat(lease(join()).accept()).isTrue();
    assertThat(stale.accept()).isFalse();
    publish(Lane.NORMAL, "b");
    assertThat(drain(hung, 1)).containsExactly("b");
  }

  @Test
  void renewalKeepsALeaseOfAnyLength() {
    JobQueue worker = join();
    JobQueue other = join();
    publish(Lane.NORMAL, "a", "b");
    Lease lease = lease(worker);
    assertThat(drain(other, 1)).containsExactly("b");
    CompletableFuture<Boolean> stolen =
        CompletableFuture.supplyAsync(() -> other.lease(LEASE_TIME.multipliedBy(2)).isPresent());
    while (!stolen.isDone()) {
      assertThat(lease.renew()).isTrue();
      Await.until("a pause", PATIENCE, pause(LEASE_TIME.dividedBy(4)));
    }
    assertThat(stolen.join()).isFalse();
    assertThat(lease.accept()).isTrue();
  }

  @Test
  void aRenewalTakesNoSecondJob() {
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
  void aWorkerThatAsksNoMoreTakesNoMore() {
    JobQueue resting = join();
    JobQueue other = join();
    assertThat(resting.lease(Duration.ofMillis(300))).isEmpty();
    Await.until("a rest", PATIENCE, pause(Duration.ofMillis(1500)));
    publish(Lane.NORMAL, "a", "b");
    publish(Lane.HIGH, "c", "d");
    assertThat(drain(other, 4)).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  @Test
  void aWorkerThatClosesHandsItsJobOn() {
    JobQueue leaving = join();
    publish(Lane.NORMAL, "a");
    Lease held = lease(leaving);
    JobQueue other = join();
    leaving.close();
    assertThat(other.lease(LEASE_TIME.minusMillis(500))).isPresent();
    assertThat(held.accept()).isFalse();
    assertThat(leaving.lease(Duration.ofMillis(10))).isEmpty();
  }

  @Test
  void aLeaseEndsOnce() {
    publish(Lane.NORMAL, "a");
    Lease lease = lease(join());
    assertThat(lease.accept()).isTrue();
    assertThat(lease.accept()).isFalse();
    assertThat(lease.release()).isFalse();
    assertThat(lease.renew()).isFalse();
  }

  @Test
  void threeWorkersShareAQueue() {
    int jobs = 60;
    publish(Lane.NORMAL, IntStream.range(0, jobs).mapToObj(i -> "j" + i).toArray(String[]::new));
    List<JobQueue> workers = List.of(join(), join(), join());
    Map<Integer, List<String>> shares = new HashMap<>();
    Map<Integer, Lease> held = new HashMap<>();
    for (int done = 0; done < jobs; ) {
      for (int w = 0; w < workers.size() && done + held.size() < jobs; w++) {
        held.put(w, lease(workers.get(w)));
      }
      held.forEach(
          (w, lease) -> shares.computeIfAbsent(w, k -> new ArrayList<>()).add(lease.key()));
      done += held.size();
      held.values().forEach(lease -> assertThat(lease.accept()).isTrue());
      held.clear();
    }
    assertThat(shares.values()).allSatisfy(share -> assertThat(share).hasSize(jobs / 3));
    Set<String> all = new HashSet<>();
    shares.values().forEach(all::addAll);
    assertThat(all).hasSize(jobs);
  }

  @Test
  void urgentLanesComeFirst() {
    publish(Lane.LOW, "low");
    publish(Lane.NORMAL, "normal");
    publish(Lane.HIGH, "high");
    assertThat(drain(join(), 3)).containsExactly("high", "normal", "low");
  }

  @Test
  void aHighJobIsNextAmongNormalOnes() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "n0", "n1", "n2");
    assertThat(drain(worker, 1)).containsExactly("n0");
    publish(Lane.HIGH, "high");
    assertThat(drain(worker, 3)).containsExactly("high", "n1", "n2");
  }

  @Test
  void aLeaseThatWasExpectedIsOfTheMostUrgentJobThatWasThere() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "n0", "n1", "n2");
    assertThat(drain(worker, 1)).containsExactly("n0");
    Await.until("a render of some length", PATIENCE, pause(Duration.ofMillis(200)));
    publish(Lane.HIGH, "high");
    worker.expectLease();
    assertThat(drain(worker, 3)).containsExactly("high", "n1", "n2");
  }

  @Test
  void aHighJobIsNotStrandedWithAWorkerThatRendersANormalOne() {
    JobQueue busy = join();
    JobQueue idle = join();
    assertThat(busy.lease(Duration.ofMillis(300))).isEmpty();
    publish(Lane.NORMAL, "n0");
    Lease rendering = lease(busy);
    Await.until("a render of some length", PATIENCE, pause(Duration.ofMillis(400)));
    publish(Lane.HIGH, "high");
    Lease high = idle.lease(Duration.ofSeconds(1)).orElseThrow();
    assertThat(high.key()).isEqualTo("high");
    assertThat(high.deliveryCount()).isEqualTo(1);
    assertThat(high.accept()).isTrue();
    assertThat(rendering.accept()).isTrue();
  }

  @Test
  void aHighJobThatComesJustAfterALeaseGoesOnWithinASecond() {
    JobQueue busy = join();
    JobQueue idle = join();
    assertThat(busy.lease(Duration.ofMillis(300))).isEmpty();
    publish(Lane.NORMAL, "n0");
    Lease rendering = lease(busy);
    publish(Lane.HIGH, "high");
    assertThat(idle.lease(Duration.ofSeconds(1)).map(Lease::key)).contains("high");
    assertThat(rendering.accept()).isTrue();
  }

  @Test
  void aLowJobIsNotStarvedByNormalOnes() {
    JobQueue worker = join();
    publish(Lane.LOW, "low");
    publish(Lane.NORMAL, IntStream.range(0, 20).mapToObj(i -> "n" + i).toArray(String[]::new));
    assertThat(drain(worker, 9)).contains("low");
  }

  @Test
  void severalLeasesMayBeOpenForAMicroBatch() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b", "c");
    List<Lease> batch = List.of(lease(worker), lease(worker), lease(worker));
    assertThat(batch).extracting(Lease::key).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(batch).allMatch(Lease::renew);
    assertThat(batch).allMatch(Lease::accept);
  }

  final JobQueue join() {
    JobQueue worker = queue.join();
    joined.add(worker);
    return worker;
  }

  final void publish(Lane lane, String... keys) {
    List<Posting> postings = new ArrayList<>();
    for (String key : keys) {
      postings.add(new Posting(key, bytes("job " + key)));
    }
    queue.publisher().publish(lane, postings);
  }

  static Lease lease(JobQueue worker) {
    return worker.lease(PATIENCE).orElseThrow(() -> new AssertionError("no job came"));
  }

  static List<String> drain(JobQueue worker, int count) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Lease lease = lease(worker);
      keys.add(lease.key());
      assertThat(lease.accept()).isTrue();
    }
    return keys;
  }

  private DeadLetter deadLetter() {
    Await.until("a dead letter", PATIENCE, () -> !queue.deadLetters().list().isEmpty());
    assertThat(queue.deadLetters().list()).hasSize(1);
    return queue.deadLetters().list().get(0);
  }

  private static BooleanSupplier pause(Duration length) {
    long end = System.nanoTime() + length.toNanos();
    return () -> System.nanoTime() >= end;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
