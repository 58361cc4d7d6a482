package farm.darkroom.infra.queue;

import static farm.darkroom.infra.queue.OpenQueue.drain;
import static farm.darkroom.infra.queue.OpenQueue.lease;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.queue.DeadLetter;
import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.Lease;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of a job that nobody can do. */
interface DeadLetterContract extends OpenQueue {
  @Test
  default void theDeliveryLimitMakesADeadLetterThatHoldsTheJob() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a");
    Set<String> records = new HashSet<>();
    for (int delivery = 1; delivery <= DELIVERY_LIMIT; delivery++) {
      Lease lease = lease(worker);
      assertThat(lease.deliveryCount()).isEqualTo(delivery);
      records.add(lease.record());
      assertThat(lease.release()).isTrue();
    }
    DeadLetter letter = deadLetter();
    assertThat(records).containsExactly(letter.record().orElseThrow());
    assertThat(letter.key()).isEqualTo("a");
    assertThat(letter.payload()).isEqualTo(OpenQueue.job("a"));
    assertThat(letter.deliveryCount()).isEqualTo(DELIVERY_LIMIT);
    assertThat(letter.source()).endsWith(".normal");
    assertThat(worker.lease(Duration.ofMillis(300))).isEmpty();
  }

  @Test
  default void aRejectedJobIsADeadLetterAtOnce() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b");
    assertThat(lease(worker).reject()).isTrue();
    assertThat(deadLetter().key()).isEqualTo("a");
    assertThat(drain(worker, 1)).containsExactly("b");
  }

  @Test
  default void aJobThatIsPublishedAgainIsAnotherRecord() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a");
    assertThat(lease(worker).reject()).isTrue();
    publish(Lane.NORMAL, "a");
    Lease again = lease(worker);
    assertThat(again.key()).isEqualTo("a");
    assertThat(deadLetter().record()).isPresent().get().isNotEqualTo(again.record());
    assertThat(again.accept()).isTrue();
  }

  @Test
  default void purgedDeadLettersAreGone() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b");
    lease(worker).reject();
    lease(worker).reject();
    Await.until("2 dead letters", PATIENCE, () -> queue().deadLetters().list().size() == 2);
    assertThat(queue().deadLetters().purge()).isEqualTo(2);
    assertThat(queue().deadLetters().list()).isEmpty();
  }

  @Test
  default void aDeadLetterThatComesAfterTheListIsNotPurged() {
    JobQueue worker = join();
    publish(Lane.NORMAL, "a", "b");
    lease(worker).reject();
    DeadLetters letters = queue().deadLetters();
    Await.until("a dead letter", PATIENCE, () -> letters.list().size() == 1);
    lease(worker).reject();
    Await.until("another", PATIENCE, () -> queue().deadLetters().list().size() == 2);
    assertThat(letters.purge()).isEqualTo(1);
    assertThat(queue().deadLetters().list()).hasSize(1);
  }

  @Test
  default void garbageIsDeliveredAsItIsAndCanBeRejected() {
    JobQueue worker = join();
    byte[] garbage = {(byte) 0xff, 0, (byte) 0xc3, 0x28, '\n'};
    queue().publisher().publish(Lane.NORMAL, List.of(new Posting("\u0000?", garbage)));
    publish(Lane.NORMAL, "good");
    Lease lease = lease(worker);
    assertThat(lease.payload()).isEqualTo(garbage);
    assertThat(lease.reject()).isTrue();
    assertThat(deadLetter().payload()).isEqualTo(garbage);
    assertThat(drain(worker, 1)).containsExactly("good");
  }

  private DeadLetter deadLetter() {
    Await.until("a dead letter", PATIENCE, () -> !queue().deadLetters().list().isEmpty());
    assertThat(queue().deadLetters().list()).hasSize(1);
    return queue().deadLetters().list().get(0);
  }
}
