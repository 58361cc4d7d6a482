package farm.darkroom.worker.port;

/** Why work on a job ends early although it has not failed. */
public enum Stop {
  /** Another worker has the job, or will have it. */
  LEASE_LOST,
  /** Its record is in the store. */
  STORED,
  /** Somebody does not want the picture any more. */
  CANCELLED,
  /** This worker leaves. */
  SHUTDOWN
}
