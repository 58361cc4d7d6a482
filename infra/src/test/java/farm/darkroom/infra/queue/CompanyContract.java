package farm.darkroom.infra.queue;

import static farm.darkroom.infra.queue.OpenQueue.drain;
import static farm.darkroom.infra.queue.OpenQueue.lease;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Pause;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Workers beside each other: those that hang, rest and leave. */
interface CompanyContract extends OpenQueue {
  @Test
  @Execution(ExecutionMode.CONCURRENT)
  default void aHungWorkersJobGoesToAnotherAndItsLateAcceptIsLost() {
    JobQueue hung = join();
    publish(Lane.NORMAL, "a");
    Lease stale = lease(hung);
    Lease fresh = lease(join());
    assertThat(fresh.key()).isEqualTo("a");
    assertThat(fresh.deliveryCount()).isEqualTo(2);
    assertThat(stale.renew()).isFalse();
    assertThat(stale.accept()).isFalse();
    assertThat(fresh.accept()).isTrue();
    assertThat(queue().deadLetters().list()).isEmpty();
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  default void aStaleAcceptAfterTheNewOwnersIsLostToo() {
    JobQueue hung = join();
    publish(Lane.NORMAL, "a");
    Lease stale = lease(hung);
    assertThat(lease(join()).accept()).isTrue();
    assertThat(stale.accept()).isFalse();
    publish(Lane.NORMAL, "b");
    assertThat(drain(hung, 1)).containsExactly("b");
  }

  @Test
  default void aWorkerThatAsksNoMoreTakesNoMore() {
    JobQueue resting = join();
    JobQueue other = join();
    assertThat(resting.lease(Duration.ofMillis(300))).isEmpty();
    queue().awaitMembers(0);
    publish(Lane.NORMAL, "a", "b");
    publish(Lane.HIGH, "c", "d");
    assertThat(drain(other, 4)).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  @Test
  default void aWorkerThatClosesHandsItsJobOn() {
    JobQueue leaving = join();
    publish(Lane.NORMAL, "a");
    Lease held = lease(leaving);
    JobQueue other = join();
    leaving.close();
    assertThat(other.lease(LEASE_TIME.minusMillis(500))).isPresent();
    assertThat(held.accept()).isFalse();
    assertThat(leaving.lease(Duration.ofMillis(10))).isEmpty();
  }

  /** What a worker takes beside the job that it was given, nobody renders before its lease ends. */
  @Test
  default void idleWorkersTakeOneJobEach() {
    Random pauses = new Random(7);
    JobQueue one = join();
    JobQueue other = join();
    for (int round = 0; round < 25; round++) {
      CompletableFuture<Lease> first = CompletableFuture.supplyAsync(() -> lease(one));
      CompletableFuture<Lease> second = CompletableFuture.supplyAsync(() -> lease(other));
      publish(Lane.NORMAL, "a" + round);
      Pause.of(Duration.ofMillis(pauses.nextInt(25)));
      publish(Lane.NORMAL, "b" + round);
      for (Lease lease : List.of(first.join(), second.join())) {
        assertThat(lease.deliveryCount()).as(lease.key()).isEqualTo(1);
        assertThat(lease.accept()).isTrue();
      }
    }
  }

  @Test
  default void threeWorkersShareAQueue() {
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
}
