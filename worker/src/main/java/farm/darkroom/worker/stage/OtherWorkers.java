package farm.darkroom.worker.stage;

/** What this worker knows of the others, answered from memory. Thread-safe. */
public interface OtherWorkers {

  /** Whether another worker, heard of lately, says that it can render {@code model}. */
  boolean isOfferedByAnother(String model);

  /** Whether such a worker is there at this moment, as far as one can tell. */
  boolean isAnotherRunning(String model);
}
