package farm.darkroom.submitter.audit;

import java.util.Locale;

/** How a submitted job ended. */
public enum JobOutcome {
  /** The job's record is in the store. */
  STORED,
  /** It is a dead letter, with a reason. */
  DEAD,
  CANCELLED,
  /** Neither, and the queue is not empty: the job may still be rendered. */
  OPEN,
  /** Neither, and the queue is empty: the job is lost. */
  LOST;

  /** The outcome's name in text and JSON. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
