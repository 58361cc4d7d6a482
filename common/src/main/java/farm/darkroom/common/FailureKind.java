package farm.darkroom.common;

/**
 * The kinds of failure, each of which tells a worker how to react (the table of kinds in
 * docs/design.md).
 */
public enum FailureKind {
  /** The job itself is wrong and will be wrong on every worker: dead letter at once. */
  INVALID_JOB,
  /** Device or host memory: the next residency down, same job again. */
  OUT_OF_MEMORY,
  /** This render failed (NaN latents, black picture): once more, then another worker. */
  RENDER_FAILED,
  /** The store does not answer: keep the lease and the finished picture, retry. */
  STORE_UNAVAILABLE,
  /** The broker does not answer: keep what there is, retry. */
  QUEUE_UNAVAILABLE,
  /** This worker cannot do it (model missing, device gone): release, stop taking jobs. */
  WORKER_UNFIT
}
