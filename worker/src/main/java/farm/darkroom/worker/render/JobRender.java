package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.pipeline.Control;
import farm.darkroom.sdxl.pipeline.PictureSource;
import farm.darkroom.sdxl.pipeline.Size;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.worker.Making;
import farm.darkroom.worker.Output;
import farm.darkroom.worker.RenderPlan;
import farm.darkroom.worker.RenderResult;
import farm.darkroom.worker.RenderWatch;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** From a job to its outputs and how they were made. For one thread. */
final class JobRender {
  private final EngineSettings settings;
  private final Models models;
  private final Sources sources;
  private final Clock clock;
  private final CacheCounts caches;

  JobRender(
      EngineSettings settings, Models models, Sources sources, Clock clock, CacheCounts caches) {
    this.settings = requireNonNull(settings, "settings");
    this.models = requireNonNull(models, "models");
    this.sources = requireNonNull(sources, "sources");
    this.clock = requireNonNull(clock, "clock");
    this.caches = requireNonNull(caches, "caches");
  }

  RenderResult render(RenderJob job, RenderPlan plan, RenderWatch watch) {
    Instant startedAt = clock.instant();
    StageTimes times = new StageTimes();
    models.use(plan);
    LoadedModel base = times.time("load", () -> models.open(job.model(), job.additions()));
    Optional<LoadedModel> refiner =
        job.refiner().map(choice -> times.time("load", () -> models.open(choice.model())));
    StepCount steps = new StepCount(watch, job.numImagesPerPrompt());
    ImageRun run = new ImageRun(base.pipeline(), refiner.map(LoadedModel::pipeline), steps, times);
    LoadedAdditions added = times.time("load", () -> models.open(job.additions()));
    PictureSource source = sources.of(job);
    List<Raster> pictures = sources.controls(job);
    Size size =
        Requests.size(job.framing(), Sources.size(source, pictures, base.pipeline().defaultSize()));
    watch.size(size.width(), size.height());
    List<Control> controls = added.controls(job.additions().controlnet(), pictures);
    List<Output> outputs =
        images(
            job, run, source, single -> new Requests(single, size, added.inversions(), controls));
    List<String> warnings = new ArrayList<>(base.warnings());
    warnings.addAll(run.warnings());
    base.tilesWarning(size).ifPresent(warnings::add);
    caches.text(base.textCache());
    refiner.ifPresent(model -> caches.text(model.textCache()));
    RenderTimings timings = timings(startedAt, steps, times);
    List<WeightFile> weights = weights(base, refiner, added);
    return new RenderResult(outputs, making(job, plan, weights, base, timings, warnings));
  }

  private static List<WeightFile> weights(
      LoadedModel base, Optional<LoadedModel> refiner, LoadedAdditions added) {
    List<WeightFile> weights = new ArrayList<>(base.weights());
    refiner.ifPresent(model -> weights.addAll(model.weights()));
    weights.addAll(added.weights().join());
    return weights;
  }

  private static List<Output> images(
      RenderJob job, ImageRun run, PictureSource source, Function<RenderJob, Requests> requests) {
    List<Output> outputs = new ArrayList<>();
    for (int i = 0; i < job.numImagesPerPrompt(); i++) {
      outputs.add(run.image(requests.apply(job.single(i)), source));
    }
    return outputs;
  }

  private RenderTimings timings(Instant startedAt, StepCount steps, StageTimes times) {
    double perStep = times.of("denoise") / Math.max(1, steps.done());
    return new RenderTimings(startedAt, clock.instant(), steps.done(), perStep, times.seconds());
  }

  private Making making(
      RenderJob job,
      RenderPlan plan,
      List<WeightFile> weights,
      LoadedModel base,
      RenderTimings timings,
      List<String> warnings) {
    return new Making(
        settings.device(),
        settings.dtype().label(),
        base.scheduler(job.sampling().scheduler()),
        plan,
        settings.threads(),
        Host.versions(),
        weights,
        timings,
        warnings);
  }
}
