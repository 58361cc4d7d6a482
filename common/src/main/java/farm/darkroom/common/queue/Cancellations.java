package farm.darkroom.common.queue;

import java.util.Optional;

/**
 * What operators asked to stop, as this worker knows it. Calls are answered from memory, so they
 * can be made between any two denoising steps. Thread-safe.
 */
public interface Cancellations {

  /** Whether this job, or the batch it belongs to, is not wanted any more. */
  boolean isCancelled(String jobId, Optional<String> batch);

  /** Whether this worker is to finish what it holds and take no more. */
  boolean isDraining(String workerId);

  /** Whether the workers of this queue are to take no jobs for now. */
  default boolean isPaused(String queue) {
    return false;
  }

  /** Why new orders cannot be received, as a sentence; empty while they can. */
  default Optional<String> receiveProblem() {
    return Optional.empty();
  }
}
