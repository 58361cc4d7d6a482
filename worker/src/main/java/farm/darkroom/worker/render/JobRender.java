package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.pipeline.AdapterImages;
import farm.darkroom.sdxl.pipeline.Control;
import farm.darkroom.sdxl.pipeline.ImagePrompt;
import farm.darkroom.sdxl.pipeline.PictureSource;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.worker.port.RenderDetails;
import farm.darkroom.worker.port.RenderOutcome;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.engine.RenderDevice;
import farm.darkroom.worker.render.input.Sources;
import farm.darkroom.worker.render.model.LoadedAdditions;
import farm.darkroom.worker.render.model.LoadedModel;
import farm.darkroom.worker.render.model.Models;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Renders jobs, and reports how. Not thread-safe. */
final class JobRender {
  private final EngineSettings settings;
  private final Models models;
  private final Sources sources;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Previews previews;

  /**
   * @param clock for the times in records
   * @param nanos a monotonic clock, in nanoseconds, for durations
   */
  JobRender(
      EngineSettings settings,
      Models models,
      Sources sources,
      Clock clock,
      LongSupplier nanos,
      Previews previews) {
    this.settings = requireNonNull(settings, "settings");
    this.models = requireNonNull(models, "models");
    this.sources = requireNonNull(sources, "sources");
    this.clock = requireNonNull(clock, "clock");
    this.nanos = requireNonNull(nanos, "nanos");
    this.previews = requireNonNull(previews, "previews");
  }

  /**
   * Renders jobs of the same models.
   *
   * @param pictures the most that may share a pass of the model
   * @param mayKeepFreedMemory as in {@link Models#use}
   * @return each one's outcome, in order
   */
  List<RenderOutcome> render(
      List<RenderRequest> requests, RenderPlan plan, int pictures, boolean mayKeepFreedMemory) {
    List<JobRun> runs = requests.stream().map(this::begin).toList();
    StageTimes loading = runs.get(0).times();
    RenderJob like = requests.get(0).job();
    models.use(plan, mayKeepFreedMemory);
    LoadedModel base = loading.time("load", () -> models.open(like.model(), like.additions()));
    Optional<LoadedModel> refiner =
        like.refiner().map(choice -> loading.time("load", () -> refiner(choice, like)));
    LoadedAdditions added = loading.time("load", () -> models.open(like.additions()));
    List<ImageRun> images = new ArrayList<>();
    for (JobRun run : runs) {
      run.attempt(
          () -> {
            refiner.ifPresent(model -> run.warn(model.warnings()));
            images.addAll(images(run, base, refiner, added));
          });
    }
    new BatchRender(base.pipeline(), refiner.map(LoadedModel::pipeline), nanos, previews)
        .render(images, pictures);
    models.count(base);
    refiner.ifPresent(models::count);
    List<WeightFile> weights = weights(base, refiner, added);
    return runs.stream().map(run -> outcome(run, plan, base, weights)).toList();
  }

  private JobRun begin(RenderRequest request) {
    return new JobRun(request, clock.instant(), new StageTimes(nanos));
  }

  private static List<WeightFile> weights(
      LoadedModel base, Optional<LoadedModel> refiner, LoadedAdditions added) {
    List<WeightFile> weights = new ArrayList<>(base.weights());
    refiner.ifPresent(model -> weights.addAll(model.weights()));
    weights.addAll(added.weights());
    return weights.stream().distinct().toList();
  }

  private LoadedModel refiner(RefinerChoice choice, RenderJob job) {
    return models.openRefiner(choice.model(), job.additions());
  }

  private List<ImageRun> images(
      JobRun run, LoadedModel base, Optional<LoadedModel> refiner, LoadedAdditions added) {
    RenderJob job = run.job();
    PictureSource source = sources.of(job);
    List<List<Raster>> pictures = sources.controls(job);
    List<Raster> drawn = sources.adapterImages(job);
    new CapabilityCheck(base.requests(), refiner.map(LoadedModel::requests)).check(job, source);
    Size size = Sources.size(job.framing(), source, pictures, drawn, base.pipeline().sizes());
    run.watch().size(size.width(), size.height());
    List<Control> controls = added.controls(job.additions().controlnet(), pictures);
    AdapterImages adapterImages = added.adapterImages(job.additions().t2iAdapters(), drawn);
    List<ImagePrompt> prompts = added.imagePrompts(job.additions().ipAdapter(), sources::read);
    run.warn(base.warnings());
    base.tilesWarning(size).ifPresent(line -> run.warn(List.of(line)));
    refiner
        .flatMap(model -> model.tilesWarning(sources.refined(job, size, model.pipeline().sizes())))
        .ifPresent(line -> run.warn(List.of(line)));
    List<ImageRun> images = new ArrayList<>();
    for (int i = 0; i < job.numImagesPerPrompt(); i++) {
      Requests requests =
          new Requests(job.single(i), size, added.inversions(), controls, adapterImages, prompts);
      images.add(new ImageRun(run, requests, source));
    }
    return images;
  }

  private RenderOutcome outcome(
      JobRun run, RenderPlan plan, LoadedModel base, List<WeightFile> weights) {
    return run.failure()
        .<RenderOutcome>map(RenderOutcome.Ended::new)
        .orElseGet(
            () ->
                new RenderOutcome.Rendered(
                    new RenderResult(run.outputs(), details(run, plan, base, weights))));
  }

  private RenderDetails details(
      JobRun run, RenderPlan plan, LoadedModel base, List<WeightFile> weights) {
    return new RenderDetails(
        settings.device(),
        settings.precision().label(),
        base.scheduler(Requests.scheduler(run.job().sampling().scheduler())),
        plan,
        settings.threads(),
        run.microBatch(),
        RenderDevice.versions(),
        weights,
        run.timings(clock.instant()),
        run.warnings());
  }
}
