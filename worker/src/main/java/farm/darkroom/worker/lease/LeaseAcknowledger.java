package farm.darkroom.worker.lease;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lease;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The ways to end a lease. A lease that was lost meanwhile counts as ended: the worker that has the
 * job now finds the stored result. Thread-safe.
 */
public final class LeaseAcknowledger {
  private final JobPublisher publisher;
  private final OutageRetry retry;

  public LeaseAcknowledger(JobPublisher publisher, OutageRetry retry) {
    this.publisher = requireNonNull(publisher, "publisher");
    this.retry = requireNonNull(retry, "retry");
  }

  public void accept(HeldJob held) {
    end(held, Lease::accept);
  }

  public void release(HeldJob held) {
    end(held, Lease::release);
  }

  /** Waits until the queue can take the job as a dead letter. */
  public void requireDeadLetters(HeldJob held) {
    retry.untilAnswered(
        held,
        () -> {
          held.lease().requireDeadLetters();
          return held;
        });
  }

  public void reject(HeldJob held) {
    end(held, Lease::reject);
  }

  /**
   * Hands the job back with its delivery count reset, for when the delivery limit would make it a
   * dead letter through no fault of its own. The job is on the queue twice for a moment; its result
   * exists once whoever renders it.
   *
   * @param blame adds to the job why it is queued again
   */
  public void requeue(HeldJob held, UnaryOperator<QueuedJob> blame) {
    Lease lease = held.lease();
    byte[] again = blame.apply(QueuedJob.fromJson(lease.payload())).toJson();
    retry.untilAnswered(
        held,
        () -> {
          publisher.publish(lease.lane(), held.batch(), List.of(new Posting(held.key(), again)));
          return lease;
        });
    accept(held);
  }

  private void end(HeldJob held, Predicate<Lease> how) {
    retry.untilAnswered(held, () -> held.kept().end(how));
  }
}
