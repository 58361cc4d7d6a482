package farm.darkroom.worker.render.model;

import static farm.darkroom.sdxl.snapshot.Component.CONTROLNET;
import static farm.darkroom.sdxl.snapshot.Component.IP_ADAPTER;
import static farm.darkroom.sdxl.snapshot.Component.T2I_ADAPTER;
import static farm.darkroom.sdxl.snapshot.Component.VAE;
import static farm.darkroom.worker.render.model.Availability.MODEL;
import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.Additions;
import farm.darkroom.common.job.ControlNetChoice;
import farm.darkroom.common.job.IpAdapterChoice;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.T2iAdapterChoice;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.IpAdapter;
import farm.darkroom.sdxl.pipeline.SideModel;
import farm.darkroom.sdxl.pipeline.T2iAdapter;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.worker.port.CacheUse;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.render.engine.RenderDevice;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.inventory.ModelFolders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The models that jobs may name here: found in folders, opened when asked for, put in quarantine
 * when they turn out broken. Only one thread may open, close, plan and count; what can be used,
 * cache counts and quarantine are thread-safe.
 */
public final class Models implements AutoCloseable {
  private final ModelFolders folders;
  private final CacheCounts caches = new CacheCounts();
  private final Pipelines pipelines;
  private final Embeddings embeddings;
  private final Quarantine quarantine;
  private final AddedFiles files;
  private final Availability availability;

  /**
   * @param inputs where files come from that do not lie here
   * @param device that models run on
   * @param precision of what they hold and compute in
   * @param nanos a monotonic clock, in nanoseconds
   */
  public Models(
      ModelFolders folders,
      Inputs inputs,
      RenderDevice device,
      Precision precision,
      LongSupplier nanos) {
    this.folders = requireNonNull(folders, "folders");
    WeightPinning pinning = new WeightPinning(new WeightHashes());
    this.pipelines = new Pipelines(folders.snapshots(), device, precision, caches, pinning);
    this.embeddings = new Embeddings(pinning);
    this.quarantine = new Quarantine(nanos);
    this.files = new AddedFiles(folders, inputs, quarantine);
    this.availability = new Availability(folders, files, quarantine);
  }

  /** The names of the usable models, as far as is known. */
  public List<String> names() {
    return availability.names();
  }

  /** Why the job cannot be rendered here, as far as is known; empty when it can. */
  public Optional<String> unmetRequirement(RenderJob job) {
    return availability.of(job);
  }

  /** Why {@code model} cannot be used here; empty when it can. */
  public Optional<String> unmetRequirement(String model) {
    return availability.ofModel(model);
  }

  /** Cache hits and misses, over all models opened so far. */
  public List<CacheUse> caches() {
    return caches.read();
  }

  /** Adds the text cache's hits and misses since the last count. */
  public void count(LoadedModel model) {
    caches.text(model.textCache());
  }

  /**
   * Begins a render: sets the plan for models that are opened from now on.
   *
   * @param mayKeepFreedMemory whether freed memory may be kept, as much again as the render takes
   */
  public void use(RenderPlan plan, boolean mayKeepFreedMemory) {
    pipelines.use(plan, mayKeepFreedMemory);
  }

  /** Closes models that the job does not use, where they hold more than {@code headroom} bytes. */
  public void freeMemory(RenderJob job, long headroom) {
    Optional<Path> base = folders.find(job.model());
    Optional<Path> refiner = job.refiner().map(RefinerChoice::model).flatMap(folders::find);
    pipelines.freeMemory(
        open ->
            base.stream().anyMatch(f -> open.is(f, job.additions().loras()))
                || refiner.stream().anyMatch(f -> open.is(f, List.of())),
        added(job.additions()),
        headroom);
  }

  private Set<Path> added(Additions additions) {
    return Stream.of(
            additions.controlnet().stream()
                .flatMap(choice -> folders.find(choice.model(), CONTROLNET).stream()),
            additions.t2iAdapters().choices().stream()
                .flatMap(choice -> folders.find(choice.model(), T2I_ADAPTER).stream()),
            additions.ipAdapter().stream()
                .flatMap(choice -> folders.find(choice.model(), IP_ADAPTER).stream()))
        .flatMap(places -> places)
        .collect(Collectors.toSet());
  }

  /**
   * The refiner, open: the VAE is the job's, its networks are the base's alone.
   *
   * @throws FarmException WORKER_UNFIT when something is not here, or broken
   */
  public LoadedModel openRefiner(String model, Additions additions) {
    return open(new ModelChoice(model, folder(model), vae(additions), List.of()));
  }

  /**
   * The model, open.
   *
   * @param additions a VAE instead of its own, networks to merge into it
   * @throws FarmException WORKER_UNFIT when something is not here, or broken, INVALID_JOB when a
   *     network does not fit the model
   */
  public LoadedModel open(String model, Additions additions) {
    List<AddedLora> loras = files.loras(additions.loras());
    return open(new ModelChoice(model, folder(model), vae(additions), loras));
  }

  private Optional<AddedModel> vae(Additions additions) {
    return additions.vae().map(name -> added(VAE, name));
  }

  /** Where it is broken with a VAE of the job's own, that VAE is suspected. */
  private LoadedModel open(ModelChoice choice) {
    return choice
        .vae()
        .map(vae -> quarantine.quarantiningFailures(VAE, vae.name(), () -> pipelines.get(choice)))
        .orElseGet(
            () ->
                quarantine.quarantiningFailures(MODEL, choice.name(), () -> pipelines.get(choice)));
  }

  /**
   * What a job adds to its requests, open.
   *
   * @throws FarmException WORKER_UNFIT when something is not here, or broken, INVALID_JOB when an
   *     embedding is none
   */
  public LoadedAdditions open(Additions additions) {
    List<AddedEmbedding> words = files.embeddings(additions.embeddings());
    List<AddedModels.Open<ControlNet>> nets =
        open(
            CONTROLNET,
            additions.controlnet().stream().map(ControlNetChoice::model),
            pipelines.controlNets());
    List<AddedModels.Open<T2iAdapter>> t2iAdapters =
        open(
            T2I_ADAPTER,
            additions.t2iAdapters().choices().stream().map(T2iAdapterChoice::model),
            pipelines.t2iAdapters());
    List<AddedModels.Open<IpAdapter>> adapters =
        open(
            IP_ADAPTER,
            additions.ipAdapter().stream().map(IpAdapterChoice::model),
            pipelines.ipAdapters());
    Embeddings.Words inversions = embeddings.get(words);
    List<PinnedWeights> pinned = new ArrayList<>();
    pinned.add(inversions.pinned());
    nets.forEach(net -> pinned.add(net.pinned()));
    t2iAdapters.forEach(adapter -> pinned.add(adapter.pinned()));
    adapters.forEach(adapter -> pinned.add(adapter.pinned()));
    return new LoadedAdditions(
        inversions.inversions(),
        nets.stream().map(AddedModels.Open::model).toList(),
        t2iAdapters.stream().map(AddedModels.Open::model).toList(),
        adapters.stream().map(AddedModels.Open::model).toList(),
        pinned);
  }

  private <M extends SideModel> List<AddedModels.Open<M>> open(
      String component, Stream<String> names, AddedModels<M> models) {
    List<AddedModel> wanted = names.map(name -> added(component, name)).toList();
    models.makeRoomFor(wanted);
    return wanted.stream()
        .map(
            model ->
                quarantine.quarantiningFailures(component, model.name(), () -> models.get(model)))
        .toList();
  }

  private AddedModel added(String component, String name) {
    return folders
        .find(name, component)
        .map(place -> new AddedModel(name, place))
        .orElseThrow(
            () ->
                new FarmException(FailureKind.WORKER_UNFIT, availability.missing(component, name)));
  }

  private Path folder(String model) {
    return folders
        .find(model)
        .orElseThrow(
            () ->
                new FarmException(FailureKind.WORKER_UNFIT, unmetRequirement(model).orElseThrow()));
  }

  /** Puts a model in quarantine. */
  public void quarantineModel(String model, String why) {
    quarantine.put(MODEL, model, why);
  }

  /** Closes all models; they are opened again on demand. */
  @Override
  public void close() {
    pipelines.close();
  }
}
