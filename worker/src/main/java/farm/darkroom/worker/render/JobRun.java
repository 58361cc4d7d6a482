package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderListener;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.render.engine.EngineFailures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One job under way, alone or in a micro-batch: its steps, its timings and its outcome. A failure
 * affects this job alone. Not thread-safe.
 */
final class JobRun {
  private final RenderJob job;
  private final RenderListener watch;
  private final StepCount steps;
  private final Instant startedAt;
  private final StageTimes times;
  private final Set<String> warnings = new LinkedHashSet<>();
  private final List<Output> outputs = new ArrayList<>();
  private Optional<RuntimeException> failure = Optional.empty();
  private int microBatch = 1;

  JobRun(RenderRequest request, Instant startedAt, StageTimes times) {
    this.job = request.job();
    this.watch = request.watch();
    this.steps = new StepCount(request.watch(), job.numImagesPerPrompt());
    this.startedAt = requireNonNull(startedAt, "startedAt");
    this.times = requireNonNull(times, "times");
  }

  RenderJob job() {
    return job;
  }

  RenderListener watch() {
    return watch;
  }

  /** Runs a part of the job unless an earlier part failed. */
  void attempt(Runnable part) {
    if (failed()) {
      return;
    }
    try {
      EngineFailures.run(FailureKind.RENDER_FAILED, "render", part);
    } catch (FarmException | RenderStopped e) {
      failure = Optional.of(e);
    }
  }

  boolean failed() {
    return failure.isPresent();
  }

  Optional<RuntimeException> failure() {
    return failure;
  }

  StageTimes times() {
    return times;
  }

  StepCount steps() {
    return steps;
  }

  void warn(List<String> lines) {
    warnings.addAll(lines);
  }

  /** Warnings for the user, without duplicates. */
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** Notes that a picture of this job shared a pass with this many pictures, itself included. */
  void sharedPassWith(int pictures) {
    microBatch = Math.max(microBatch, pictures);
  }

  int microBatch() {
    return microBatch;
  }

  /** Adds the output of the next image. */
  void put(Output output) {
    outputs.add(output);
  }

  List<Output> outputs() {
    return List.copyOf(outputs);
  }

  /** This job's timings. Those of shared passes are divided by the number of pictures. */
  RenderTimings timings(Instant finishedAt) {
    double perStep = times.of("denoise") / Math.max(1, steps.done());
    return new RenderTimings(startedAt, finishedAt, steps.done(), perStep, times.seconds());
  }
}
