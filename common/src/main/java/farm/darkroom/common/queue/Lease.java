package farm.darkroom.common.queue;

/**
 * One job held by one worker. Exactly one of {@link #accept}, {@link #release} and {@link #reject}
 * ends it; a lease that is not renewed within the queue's lease time is given to another worker.
 * Thread-safe: a lease keeper renews while the worker renders.
 */
public interface Lease {

  /** The record's key as published, normally the job id; null when the record has none. */
  String key();

  /** The record's value, untouched: it may be anything, also no job at all. */
  byte[] payload();

  Lane lane();

  /** Which record of the queue it is; a job that is published again is another one. */
  String record();

  /** How often this job was handed out, this time included; from 1. */
  int deliveryCount();

  /**
   * Starts the lease time anew.
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
   * Hands the job back for any worker; at the delivery limit it becomes a dead letter.
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
