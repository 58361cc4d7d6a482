package farm.darkroom.common.job;

/** Where a job stands; the last event of a job says it. */
public enum JobState {
  QUEUED,
  STARTED,
  STORED,
  FAILED,
  DEAD,
  CANCELLED
}
