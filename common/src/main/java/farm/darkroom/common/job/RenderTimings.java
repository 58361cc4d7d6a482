package farm.darkroom.common.job;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The timings of a render.
 *
 * @param steps the denoising steps that were done, over all images
 * @param secondsPerStep the mean over those steps; 0 where there were none
 * @param stageSeconds wall seconds by stage: load, text (and whatever else comes before the first
 *     step, such as encoding an init image), denoise, decode, preview
 */
public record RenderTimings(
    Instant startedAt,
    Instant finishedAt,
    int steps,
    double secondsPerStep,
    SortedMap<String, Double> stageSeconds) {

  public RenderTimings {
    requireNonNull(startedAt, "startedAt");
    requireNonNull(finishedAt, "finishedAt");
    stageSeconds = Collections.unmodifiableSortedMap(new TreeMap<>(stageSeconds));
  }

  /** The rate that progress bars show, it/s; 0 where there were no steps. */
  public double stepsPerSecond() {
    return secondsPerStep > 0 ? 1 / secondsPerStep : 0;
  }

  static JsonType<RenderTimings> type() {
    return JsonTypes.object(RenderTimings::read);
  }

  ObjectNode toJson() {
    return new FieldWriter()
        .put("started_at", startedAt.toString())
        .put("finished_at", finishedAt.toString())
        .put("steps", steps)
        .put("seconds_per_step", secondsPerStep)
        .put("steps_per_second", stepsPerSecond())
        .put("stage_seconds", stageSeconds)
        .done();
  }

  private static Optional<RenderTimings> read(Fields f) {
    Optional<Instant> startedAt = f.required("started_at", JsonTypes.instant());
    Optional<Instant> finishedAt = f.required("finished_at", JsonTypes.instant());
    int steps = f.or("steps", JsonTypes.integer(0, Integer.MAX_VALUE), 0);
    double perStep = f.or("seconds_per_step", RecordTypes.SECONDS, 0.0);
    SortedMap<String, Double> stages =
        f.or("stage_seconds", RecordTypes.STAGES, Collections.emptySortedMap());
    return startedAt.flatMap(
        s -> finishedAt.map(e -> new RenderTimings(s, e, steps, perStep, stages)));
  }
}
