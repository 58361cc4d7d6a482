package farm.darkroom.worker.health;

/** A stage of the worker's loop, as health checks and heartbeats see it. */
public interface ObservedStage {

  /** Its name in logs and heartbeats. */
  String label();

  /** Whether the loop takes jobs there. */
  boolean takesJobs();

  /** Whether a job is rendered there. */
  boolean renders();

  /** Whether the loop has ended. */
  boolean ended();
}
