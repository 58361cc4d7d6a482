package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.port.CacheUse;
import farm.darkroom.worker.port.RenderListener;
import farm.darkroom.worker.port.RenderOutcome;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.engine.RenderDevice;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.input.Sources;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.model.Models;
import farm.darkroom.worker.render.plan.Planning;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Renders with the engine, in this JVM. Thread-safe as far as {@link Renderer} asks. */
public final class SdxlRenderer implements Renderer {
  private final RenderDevice device;
  private final Models models;
  private final JobRender render;
  private final Planning planning;
  private final Previews previews;

  /**
   * @param clock for the times in records
   * @param nanos a monotonic clock, in nanoseconds, for durations
   * @param previewVae the name, as in jobs, of the autoencoder that makes previews; empty: they are
   *     made without one
   * @throws FarmException WORKER_UNFIT when that is not here, or cannot make them
   */
  public SdxlRenderer(
      EngineSettings settings,
      ModelFolders folders,
      Inputs inputs,
      Clock clock,
      LongSupplier nanos,
      Optional<String> previewVae) {
    requireNonNull(settings, "settings");
    this.device = new RenderDevice(settings);
    this.models = new Models(folders, inputs, device, settings.precision(), nanos);
    this.planning = new Planning(settings, folders, inputs);
    this.previews =
        new Previews(
            device,
            settings.dtype(),
            previewVae.map(name -> Previews.vae(folders, name)),
            planning);
    this.render = new JobRender(settings, models, new Sources(inputs), clock, nanos, previews);
  }

  @Override
  public List<String> models() {
    return models.names();
  }

  @Override
  public Optional<String> unmetRequirement(RenderJob job) {
    return models.unmetRequirement(job);
  }

  @Override
  public List<CacheUse> caches() {
    return models.caches();
  }

  /** A plan that once ran out of memory is not chosen again for the same models and size. */
  @Override
  public RenderPlan plan(RenderJob job) {
    Optional<Planning.Choice> choice = planning.choose(job);
    choice.ifPresent(chosen -> models.freeMemory(job, previews.leave(chosen.spare())));
    return choice.map(Planning.Choice::plan).orElseGet(planning::unknown);
  }

  @Override
  public RenderResult render(RenderJob job, RenderPlan plan, RenderListener watch) {
    RenderPlan fitting = planning.withFloat32Vae(job, plan);
    try {
      return together(List.of(new RenderRequest(job, watch)), fitting, 1).get(0).orThrow();
    } catch (FarmException e) {
      if (e.kind() != FailureKind.OUT_OF_MEMORY) {
        throw e;
      }
      models.close();
      if (!previews.giveUpMemory()) {
        planning.recordOutOfMemory(job, fitting);
        throw e;
      }
    }
    // The plan knows nothing of what previews took, so it is not to blame.
    return render(job, plan, watch);
  }

  /**
   * Uses smaller batches where memory is short. After a batch that ran out of memory, the models
   * are closed.
   */
  @Override
  public List<RenderOutcome> renderTogether(
      List<RenderRequest> requests, RenderPlan plan, int pictures) {
    int images = requests.stream().mapToInt(request -> request.job().numImagesPerPrompt()).sum();
    int batchSize = planning.batchSize(requests.get(0).job(), plan, Math.min(pictures, images));
    List<RenderOutcome> outcomes = together(requests, plan, batchSize);
    if (outcomes.stream().noneMatch(SdxlRenderer::isOutOfMemory)) {
      return outcomes;
    }
    models.close();
    boolean tryAgain =
        previews.giveUpMemory() && outcomes.stream().allMatch(SdxlRenderer::isOutOfMemory);
    return tryAgain ? renderTogether(requests, plan, pictures) : outcomes;
  }

  private static boolean isOutOfMemory(RenderOutcome outcome) {
    return outcome instanceof RenderOutcome.Ended ended
        && ended.why() instanceof FarmException e
        && e.kind() == FailureKind.OUT_OF_MEMORY;
  }

  private List<RenderOutcome> together(
      List<RenderRequest> requests, RenderPlan plan, int pictures) {
    device.kernels();
    RenderJob like = requests.get(0).job();
    boolean keeps = planning.hasMemoryToKeep(like, plan, pictures);
    previews.checkMemory(like, plan, pictures);
    return EngineFailures.during(
        FailureKind.RENDER_FAILED, "render", () -> render.render(requests, plan, pictures, keeps));
  }

  /**
   * Renders a small picture with the suspect's models, or else with the demo model; without that,
   * only the device is opened.
   */
  @Override
  public void probe(Optional<RenderJob> suspect) {
    device.kernels();
    if (suspect.isPresent()) {
      RenderJob job = ProbeJob.like(suspect.get());
      probe(job, plan(job).withSafeguards());
    } else if (models.unmetRequirement(ProbeJob.KNOWN_GOOD).isEmpty()) {
      RenderJob job = ProbeJob.plain();
      probe(job, plan(job));
    }
  }

  private void probe(RenderJob job, RenderPlan plan) {
    try {
      render(job, plan, (done, of) -> {});
    } catch (FarmException e) {
      if (e.kind() != FailureKind.INVALID_JOB) {
        models.quarantineModel(job.model(), e.getMessage());
        throw new FarmException(FailureKind.WORKER_UNFIT, e.getMessage(), e);
      }
    }
  }

  @Override
  public void close() {
    models.close();
    previews.close();
    device.close();
  }
}
