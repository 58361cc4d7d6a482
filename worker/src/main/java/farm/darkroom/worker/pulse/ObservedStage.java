package farm.darkroom.worker.pulse;

/** Where the worker's loop stands, as those see it who watch. */
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
