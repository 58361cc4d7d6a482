package farm.darkroom.common.job;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;
import java.util.Optional;

/**
 * {@code record.json}: what a finished job is, where it was rendered and what came out. It is
 * written last; a job is done if and only if it exists.
 *
 * @param images in the order of the job's images
 * @param warnings one line each, such as a prompt that was cut
 */
public record RenderRecord(
    JobId id,
    RenderJob job,
    RenderConditions conditions,
    RenderTimings timings,
    List<StoredImage> images,
    List<String> warnings) {
  /** The most bytes that a record has. */
  public static final int LARGEST = 1 << 20;

  private static final JsonType<RenderRecord> TYPE = JsonTypes.object(RenderRecord::read);
  private static final JsonType<List<StoredImage>> IMAGES =
      JsonTypes.listOf(StoredImage.type(), 0, 1000);
  private static final JsonType<List<String>> WARNINGS =
      JsonTypes.listOf(RecordTypes.WORD, 0, 1000);

  public RenderRecord {
    requireNonNull(id, "id");
    requireNonNull(job, "job");
    requireNonNull(conditions, "conditions");
    requireNonNull(timings, "timings");
    images = List.copyOf(images);
    warnings = List.copyOf(warnings);
  }

  /** Canonical JSON, UTF-8. */
  public byte[] toJson() {
    FieldWriter out = new FieldWriter().put("id", id.text()).put("job", job.toJson());
    conditions.write(out);
    out.put("timings", timings.toJson())
        .put("images", images.stream().map(StoredImage::toJson).toList())
        .put("warnings", warnings);
    return CanonicalJson.bytes(out.done());
  }

  /**
   * Reads a record; fields of a later version are passed over.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB when the bytes are no record
   */
  public static RenderRecord fromJson(byte[] bytes) {
    return TYPE.require(Json.parse(bytes));
  }

  private static Optional<RenderRecord> read(Fields f) {
    Optional<JobId> id = f.required("id", JobId.type());
    Optional<RenderJob> job = f.required("job", RenderJobJson.JOB);
    Optional<RenderConditions> conditions = RenderConditions.read(f);
    Optional<RenderTimings> timings = f.required("timings", RenderTimings.type());
    Optional<List<StoredImage>> images = f.required("images", IMAGES);
    List<String> warnings = f.or("warnings", WARNINGS, List.of());
    return f.sound()
        ? Optional.of(
            new RenderRecord(
                id.orElseThrow(),
                job.orElseThrow(),
                conditions.orElseThrow(),
                timings.orElseThrow(),
                images.orElseThrow(),
                warnings))
        : Optional.empty();
  }
}
