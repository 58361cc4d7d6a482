package farm.darkroom.common.job;

import java.util.Locale;

/** The state of a job, as its latest event says. */
public enum JobState {
  QUEUED,
  STARTED,
  STORED,
  FAILED,
  DEAD,
  CANCELLED;

  /** Its name in JSON, metrics and text. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether nothing more happens to the job, unless somebody puts it on the queue again. */
  public boolean isEnd() {
    return switch (this) {
      case STORED, DEAD, CANCELLED -> true;
      case QUEUED, STARTED, FAILED -> false;
    };
  }
}
