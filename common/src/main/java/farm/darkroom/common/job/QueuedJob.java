package farm.darkroom.common.job;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.time.Instant;
import java.util.Optional;

/**
 * A job as it goes on the queue: {@code {"job": {...}, "batch": "night", "submitted_at": "..."}} in
 * canonical JSON.
 *
 * @param job with a seed, and without pictures of the submitter's machine
 * @param batch what it was submitted together with; empty for none
 * @param requeued how often a worker put it on the queue anew because it lacks something
 * @param retried how often because it failed
 */
public record QueuedJob(
    RenderJob job, Optional<String> batch, Instant submittedAt, int requeued, int retried) {
  /** In bytes: the largest job, and what stands around it. */
  private static final int LARGEST = RenderJobJson.LARGEST + 1024;

  private static final JsonType<QueuedJob> TYPE = JsonTypes.object(QueuedJob::read);

  /**
   * Refuses jobs that are not determined.
   *
   * @throws FarmException INVALID_JOB when the job has no seed, or a picture of the submitter's
   *     machine
   */
  public QueuedJob {
    requireNonNull(batch, "batch");
    requireNonNull(submittedAt, "submittedAt");
    undetermined(job)
        .ifPresent(
            text -> {
              throw FarmException.invalidJob(text);
            });
  }

  /** As a submitter publishes it. */
  public QueuedJob(RenderJob job, Optional<String> batch, Instant submittedAt) {
    this(job, batch, submittedAt, 0, 0);
  }

  /** This job as it is published again by a worker that lacks something it needs. */
  public QueuedJob again() {
    return new QueuedJob(job, batch, submittedAt, requeued + 1, retried);
  }

  /** This job as it is published again by a worker on which it failed. */
  public QueuedJob afterFailure() {
    return new QueuedJob(job, batch, submittedAt, requeued, retried + 1);
  }

  public JobId id() {
    return JobId.of(job);
  }

  /** The record's value on the queue. */
  public byte[] toJson() {
    FieldWriter out = new FieldWriter().put("job", job.toJson()).put("batch", batch);
    out.put("submitted_at", submittedAt.toString())
        .putUnless(0, "requeued", requeued)
        .putUnless(0, "retried", retried);
    return CanonicalJson.bytes(out.done());
  }

  /**
   * Reads a record's value.
   *
   * @throws FarmException INVALID_JOB when the bytes, whatever they are, are no job
   */
  public static QueuedJob fromJson(byte[] bytes) {
    if (bytes.length > LARGEST) {
      throw FarmException.invalidJob("$: found " + bytes.length + " bytes, allowed: " + LARGEST);
    }
    return TYPE.require(Json.parse(bytes));
  }

  private static Optional<QueuedJob> read(Fields f) {
    Optional<RenderJob> job = f.required("job", RenderJobJson.JOB);
    Optional<String> batch = f.optional("batch", Names.batch());
    Optional<Instant> submittedAt = f.required("submitted_at", JsonTypes.instant());
    int requeued = f.or("requeued", JsonTypes.integer(0, 1_000_000), 0);
    int retried = f.or("retried", JsonTypes.integer(0, 1_000_000), 0);
    f.noOthers();
    Optional<String> undetermined = job.flatMap(QueuedJob::undetermined);
    undetermined.ifPresent(text -> f.refuse("job", text));
    return undetermined.isPresent()
        ? Optional.empty()
        : job.flatMap(j -> submittedAt.map(at -> new QueuedJob(j, batch, at, requeued, retried)));
  }

  private static Optional<String> undetermined(RenderJob job) {
    if (job.seed().isEmpty()) {
      return Optional.of("found no seed, which a job on the queue needs");
    }
    return job.images()
        .filter(ImageReference::isLocal)
        .map(i -> "found the local picture " + i.text() + ", allowed on the queue is s3://")
        .findFirst();
  }
}
