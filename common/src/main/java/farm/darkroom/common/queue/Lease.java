package farm.darkroom.common.queue;

/**
 * One job held by one worker. Exactly one of {@link #accept}, {@link #release} and {@link #reject}
 * ends it; a lease that is not renewed within the queue's lease time is given to another worker.
 * Thread-safe: a lease keeper renews while the worker renders.
 */
public interface Lease {

  /** The record's key as published, normally the job id; null when the record has none. */
  String key();

  /** The record's value as published, which need not be a valid job. */
  byte[] payload();

  Lane lane();

  /** The position of the record in its topic. A job that is published again gets another one. */
  String record();

  /** The number of deliveries of this record, including this one; at least 1. */
  int deliveryCount();

  /**
   * Renews the lease for another lease time.
   *
   * @return false when the lease is lost: stop working, do not acknowledge
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE when the broker does not answer;
   *     whether the lease still stands is then unknown
   */
  boolean renew();

  /**
   * Acknowledges that the job is done and stored.
   *
   * @return false when the lease was lost: another worker has it
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE; the job may then come again
   */
  boolean accept();

  /**
   * Returns the job to the queue for any worker. At the delivery limit it becomes a dead letter.
   *
   * @return false when the lease was lost
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE; the broker hands it on later
   */
  boolean release();

  /**
   * Checks that the queue has a place for dead letters, before anybody says that this is one.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void requireDeadLetters();

  /**
   * Rejects the job, which becomes a dead letter at once.
   *
   * @return false when the lease was lost
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, also where there is no place for
   *     dead letters; the lease then stands
   */
  boolean reject();
}
