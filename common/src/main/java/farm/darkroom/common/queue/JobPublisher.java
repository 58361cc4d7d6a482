package farm.darkroom.common.queue;

import java.util.List;
import java.util.Optional;

/** The submitter's side of one queue. Thread-safe. */
public interface JobPublisher extends AutoCloseable {

  /** A job as it goes on the queue: key (the job id) and canonical JSON. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
  record Posting(String key, byte[] payload) {}

  /**
   * Publishes in order and returns when the broker holds all of them durably.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE; some of them may then be there,
   *     and publishing them again does no harm (ids are the same)
   */
  void publish(Lane lane, List<Posting> postings);

  /**
   * Publishes jobs of one batch, so that the queue can serve several batches side by side.
   *
   * @param batch empty for jobs of none
   * @throws farm.darkroom.common.FarmException as the other
   */
  default void publish(Lane lane, Optional<String> batch, List<Posting> postings) {
    publish(lane, postings);
  }

  @Override
  void close();
}
