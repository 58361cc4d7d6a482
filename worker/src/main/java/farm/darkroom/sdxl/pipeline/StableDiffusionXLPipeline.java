package farm.darkroom.sdxl.pipeline;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.lora.LoraSet;
import farm.darkroom.sdxl.schedulers.LatentMath;
import farm.darkroom.sdxl.schedulers.Noise;
import farm.darkroom.sdxl.schedulers.Scheduler;
import farm.darkroom.sdxl.schedulers.SchedulerConfig;
import farm.darkroom.sdxl.schedulers.Schedulers;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.CacheHits;
import farm.darkroom.sdxl.text.PromptEmbeds;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.vae.LatentScale;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Tiling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * SDXL's pipelines of diffusers in one: text to image, image to image, inpainting, editing and the
 * refiner differ in what a picture starts from. The loop is the caller's:
 *
 * <pre>{@code
 * try (Denoising run = pipeline.start(request)) {
 *   run.forEachRemaining(step -> report(step));
 *   Raster picture = pipeline.decode(run);
 * }
 * }</pre>
 *
 * Not thread-safe.
 */
public final class StableDiffusionXLPipeline implements AutoCloseable {

  private final Kernels kernels;
  private final Components components;
  private final PromptEncoders encoders;
  private final Map<String, Object> schedulerConfig;
  private final boolean aestheticScore;
  private final boolean cosxlEdit;

  private StableDiffusionXLPipeline(
      Snapshot snapshot, Engine engine, Component vae, Optional<Tiling> tiling, LoraSet loras) {
    this.kernels = engine.kernels();
    this.schedulerConfig = snapshot.schedulerFields();
    this.aestheticScore = snapshot.flag("requires_aesthetics_score", false);
    this.cosxlEdit = snapshot.flag("is_cosxl_edit", false);
    this.components = Components.open(snapshot, vae, tiling, engine, loras);
    this.encoders = new PromptEncoders(components.prompts());
  }

  /**
   * Opens a snapshot and checks all of it; weights come when they are used.
   *
   * @throws farm.darkroom.sdxl.SdxlException naming file, tensor or key, found and expected
   */
  public static StableDiffusionXLPipeline open(Snapshot snapshot, Engine engine) {
    return open(
        snapshot, engine, snapshot.component(Component.VAE), Optional.empty(), LoraSet.none());
  }

  /**
   * Opens a pipeline with another VAE than the snapshot's.
   *
   * @param tiling lets the VAE take large pictures in tiles, which changes pixels a little
   * @param loras networks that are merged into the weights
   */
  public static StableDiffusionXLPipeline open(
      Snapshot snapshot, Engine engine, Component vae, Optional<Tiling> tiling, LoraSet loras) {
    return new StableDiffusionXLPipeline(snapshot, engine, vae, tiling, loras);
  }

  /** What sizes its pictures have. */
  public ModelSizes sizes() {
    return new ModelSizes(
        components.unet().config().sampleSize(), components.vae().config().vaeScaleFactor());
  }

  /** Whether the model itself sees the mask of inpainting, as one with 9 input channels does. */
  public boolean isInpainting() {
    return components.unet().config().isInpainting();
  }

  /** Warnings about the model's files, one line each. */
  public List<String> warnings() {
    return components.warnings();
  }

  /**
   * The first weight that is NaN or infinite, with its file; empty when all are finite. It looks at
   * components and LoRA networks, not at ControlNets, adapters and embeddings. The first call reads
   * every weight, which takes seconds for a large model.
   */
  public Optional<String> nonFiniteWeight() {
    return components.weights().nonFiniteWeight();
  }

  /** Hits and misses of the cache of encoded prompts. */
  public CacheHits textCache() {
    return components.prompts().cacheUse();
  }

  /**
   * Prepares a request: text, sizes, starting latents.
   *
   * @return the loop; closing it frees all of the request
   * @throws farm.darkroom.sdxl.SdxlException for what this model or scheduler cannot do
   */
  public Denoising start(Request request) {
    NDManager scope = kernels.manager().newSubManager();
    try {
      return start(request, scope);
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
  }

  private Denoising start(Request request, NDManager scope) {
    RequestCheck.source(components.unet().config(), request);
    PreparedScheduler prepared =
        PreparedScheduler.of(request, scheduler(request.sampling(), scope));
    Scheduler scheduler = prepared.scheduler();
    DenoisingWindow window = prepared.window();
    PromptEmbeds embeds = embeds(request, scope);
    components.weights().endStage();
    List<NDArray> pictures = pictures(request, embeds, scope);
    Noise noise = Noise.ofSeeds(request.sampling().seed());
    StartContext context =
        new StartContext(kernels, components, scheduler, window, request, noise, cosxlEdit, scope);
    Start start = context.start();
    components.weights().endStage();
    Denoiser denoiser = denoiser(context, embeds, pictures, prepared);
    List<String> warnings = new ArrayList<>(embeds.warnings());
    window.warning().ifPresent(warnings::add);
    LatentScale scale = request.decoding(components.vae().config().latentScale());
    return new Denoising(denoiser, scheduler, window, start, scale, scope, warnings);
  }

  private Scheduler scheduler(SamplingSpec sampling, NDManager scope) {
    SchedulerConfig config = SchedulerConfig.of(schedulerConfig, sampling.scheduler());
    return Schedulers.create(config.withEta(sampling.eta()), new LatentMath(kernels, scope));
  }

  private PromptEmbeds embeds(Request request, NDManager scope) {
    return encoders
        .with(request.inversions())
        .encode(scope, request.prompts(), doClassifierFreeGuidance(request));
  }

  /** What the UNet attends to of the pictures that prompt. */
  private List<NDArray> pictures(Request request, PromptEmbeds embeds, NDManager scope) {
    boolean guided = embeds.negative().isPresent();
    return request.imagePrompts().stream()
        .map(
            prompt ->
                prompt.adapter().tokens(scope, components.unet().config(), prompt.images(), guided))
        .toList();
  }

  private Denoiser denoiser(
      StartContext context,
      PromptEmbeds embeds,
      List<NDArray> pictures,
      PreparedScheduler prepared) {
    Conditions conditions = new Conditions(kernels, components.unet(), context.scope());
    TimeIds ids = TimeIds.of(context.request(), aestheticScore);
    MultiControlNet controlNets = conditions.controlNets(context, embeds, ids, prepared.whole());
    try {
      AdapterFeatures adapter = conditions.adapterFeatures(context, prepared.counted());
      return conditions.denoiser(context, embeds, ids, pictures, controlNets, adapter);
    } catch (RuntimeException e) {
      controlNets.close();
      throw e;
    }
  }

  /** Distilled models take the guidance scale as an embedding instead of a second pass. */
  private boolean doClassifierFreeGuidance(Request request) {
    boolean distilled = components.unet().config().time().condProjDim().isPresent();
    return request.sampling().guidance().doClassifierFreeGuidance()
        && !(distilled && request.embedsGuidanceScale());
  }

  /** Decodes the picture of a loop that has done all its steps, including any overlay. */
  public Raster decode(Denoising run) {
    run.endStage();
    return run.finish().apply(decode(run.latents(), run.scale()));
  }

  private Raster decode(NDArray latents, LatentScale scale) {
    components.weights().endStage();
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray unscaled = scale.unscaled(scope, kernels, latents);
      Raster picture = components.vae().decodeRgb8(unscaled).get(0);
      components.weights().endStage();
      return picture;
    }
  }

  /** Ends this pipeline's turn: under {@code model} residency, its weights are freed. */
  public void endStage() {
    components.weights().endStage();
  }

  @Override
  public void close() {
    encoders.close();
    components.close();
  }
}
