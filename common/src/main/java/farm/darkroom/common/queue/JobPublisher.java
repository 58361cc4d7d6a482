package farm.darkroom.common.queue;

import java.util.List;

/** The submitter's side of one queue. Thread-safe. */
public interface JobPublisher extends AutoCloseable {

  /** A job as it goes on the queue: key (the job id) and canonical JSON. */
  record Posting(String key, byte[] payload) {}

  /**
   * Publishes in order and returns when the broker holds all of them durably.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE; some of them may then be there,
   *     and publishing them again does no harm (ids are the same)
   */
  void publish(Lane lane, List<Posting> postings);

  @Override
  void close();
}
