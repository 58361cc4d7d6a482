package farm.darkroom.infra.queue;

import static farm.darkroom.infra.queue.OpenQueue.drain;
import static farm.darkroom.infra.queue.OpenQueue.lease;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which job is next. */
interface LaneContract extends OpenQueue {
  @Test
  default void aLaneKeepsItsOrder() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b", "c");
    assertThat(drain(worker, 3)).containsExactly("a", "b", "c");
  }

  @Test
  default void urgentLanesComeFirst() {
    publish(Lane.LOW, "low");
    publish(Lane.NORMAL, "normal");
    publish(Lane.HIGH, "high");
    assertThat(drain(join(), 3)).containsExactly("high", "normal", "low");
  }

  @Test
  default void aHighJobIsNextAmongNormalOnes() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "n0", "n1", "n2");
    assertThat(drain(worker, 1)).containsExactly("n0");
    publish(Lane.HIGH, "high");
    assertThat(drain(worker, 3)).containsExactly("high", "n1", "n2");
  }

  @Test
  default void aLeaseThatWasExpectedIsOfTheMostUrgentJobThatWasThere() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "n0", "n1", "n2");
    assertThat(drain(worker, 1)).containsExactly("n0");
    queue().awaitMembers(1);
    publish(Lane.HIGH, "high");
    worker.expectLease();
    assertThat(drain(worker, 3)).containsExactly("high", "n1", "n2");
  }

  @Test
  default void aHighJobIsNotStrandedWithAWorkerThatRendersANormalOne() {
    JobQueue busy = join();
    JobQueue idle = join();
    assertThat(busy.lease(Duration.ofMillis(300))).isEmpty();
    publish(Lane.NORMAL, "n0");
    Lease rendering = lease(busy);
    queue().awaitMembers(1);
    publish(Lane.HIGH, "high");
    Lease high = idle.lease(Duration.ofSeconds(1)).orElseThrow();
    assertThat(high.key()).isEqualTo("high");
    assertThat(high.deliveryCount()).isEqualTo(1);
    assertThat(high.accept()).isTrue();
    assertThat(rendering.accept()).isTrue();
  }

  @Test
  default void aHighJobThatComesJustAfterALeaseGoesOnWithinASecond() {
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
  default void aLowJobIsNotStarvedByNormalOnes() {
    JobQueue worker = join();
    publish(Lane.LOW, "low");
    publish(Lane.NORMAL, IntStream.range(0, 20).mapToObj(i -> "n" + i).toArray(String[]::new));
    assertThat(drain(worker, 9)).contains("low");
  }
}
