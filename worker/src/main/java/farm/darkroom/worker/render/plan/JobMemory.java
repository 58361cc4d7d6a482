package farm.darkroom.worker.render.plan;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.BoundedMap;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.Additions;
import farm.darkroom.common.job.ControlNetChoice;
import farm.darkroom.common.job.OutputType;
import farm.darkroom.common.job.RefinerChoice;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.sdxl.pipeline.ControlNet;
import farm.darkroom.sdxl.pipeline.Guidance;
import farm.darkroom.sdxl.pipeline.PictureShape;
import farm.darkroom.sdxl.pipeline.PipelineMemory;
import farm.darkroom.sdxl.pipeline.T2iAdapter;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.unet.ControlViews;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.vae.Tiling;
import farm.darkroom.sdxl.vision.IpAdapterFile;
import farm.darkroom.worker.port.VaeTiles;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.engine.VaeTiling;
import farm.darkroom.worker.render.input.Sources;
import farm.darkroom.worker.render.inventory.FileVersions;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.inventory.Snapshots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Estimates the memory of jobs from the configs of the models that they name. Not thread-safe. */
final class JobMemory {
  private static final int RGB = 3;

  /** Copies of a finished picture: as samples, as rows and as a file. */
  private static final int COPIES = 3;

  private static final int MOST_MODELS = 16;
  private static final int MOST_SHAPES = 100;

  private final EngineSettings settings;
  private final ModelFolders folders;
  private final Sources sources;
  private final Map<ModelKey, PipelineMemory> models = new BoundedMap<>(MOST_MODELS);

  private final Map<StageKey, List<StageMemory>> stages = new BoundedMap<>(MOST_SHAPES);

  /** A model as its files are now. */
  private record ModelKey(Path folder, Optional<Path> vae, FileVersions versions) {}

  /** What decides the memory of a model's stages, which take long to count. */
  private record StageKey(PipelineMemory memory, PictureShape picture, Optional<Tiling> tiling) {
    List<StageMemory> stages() {
      return memory.stages(picture, tiling);
    }
  }

  /**
   * What a job takes.
   *
   * @param ways one for each tiling of the VAE that makes a difference, whole pictures first
   * @param mapped bytes of the files that are mapped for it
   */
  record Need(List<Planner.Footprint> ways, long mapped) {

    Need {
      ways = List.copyOf(ways);
    }
  }

  /**
   * @param sources read where a job leaves its size to the picture that it starts from
   */
  JobMemory(EngineSettings settings, ModelFolders folders, Sources sources) {
    this.settings = requireNonNull(settings, "settings");
    this.folders = requireNonNull(folders, "folders");
    this.sources = requireNonNull(sources, "sources");
  }

  /** The pipelines of a job and the size of its picture. */
  private record JobPipelines(
      PipelineMemory base, Optional<PipelineMemory> refiner, Size size, Size refined) {

    long mapped() {
      return base.mapped() + refiner.map(PipelineMemory::mapped).orElse(0L);
    }

    boolean splits(VaeTiles tiles) {
      return VaeTiling.of(base.vae(), tiles)
          .filter(tiling -> tiling.splits(size) || tiling.splits(refined))
          .isPresent();
    }

    long pixels() {
      return Math.max(
          (long) size.height() * size.width(), (long) refined.height() * refined.width());
    }
  }

  /**
   * How a job is rendered, as far as its memory depends on that.
   *
   * @param batchSize pictures that share a pass of the UNet
   * @param withFloat32Vae whether the VAE works in float32
   */
  record Variant(int batchSize, boolean withFloat32Vae) {
    private PipelineMemory apply(PipelineMemory memory) {
      return withFloat32Vae ? memory.withFloat32Vae() : memory;
    }
  }

  /**
   * What the job takes.
   *
   * @throws FarmException INVALID_JOB when a model is not here, or as {@link Sources#size}
   * @throws farm.darkroom.sdxl.SdxlException when a snapshot is not sound
   */
  Need of(RenderJob job, Variant variant) {
    PipelineMemory base =
        open(job.model(), job.additions().vae())
            .with(controlNets(job.additions()), controlViews(job.additions()))
            .with(t2iAdapters(job.additions()))
            .with(ipAdapters(job.additions()));
    Optional<PipelineMemory> refiner =
        job.refiner().map(choice -> variant.apply(open(choice.model(), job.additions().vae())));
    Size size = sources.size(job, base.sizes());
    Size refined = refiner.map(last -> sources.refined(job, size, last.sizes())).orElse(size);
    JobPipelines pipelines = new JobPipelines(variant.apply(base), refiner, size, refined);
    List<Planner.Footprint> ways = new ArrayList<>();
    for (VaeTiles tiles : VaeTiles.values()) {
      if (tiles == VaeTiles.WHOLE || pipelines.splits(tiles)) {
        ways.add(footprint(job, pipelines, tiles, variant.batchSize()));
      }
    }
    return new Need(ways, pipelines.mapped());
  }

  private static ControlViews controlViews(Additions additions) {
    int pictures = additions.controlnet().stream().mapToInt(own -> own.images().size()).sum();
    return new ControlViews(additions.controlnet().size(), pictures);
  }

  private List<Component> controlNets(Additions additions) {
    return additions.controlnet().stream()
        .map(ControlNetChoice::model)
        .distinct()
        .map(
            name ->
                folders
                    .find(name, Component.CONTROLNET)
                    .orElseThrow(missing(Component.CONTROLNET, name)))
        .map(ControlNet::component)
        .toList();
  }

  /** Those of a job, by how many pictures they look at. */
  private Map<Component, Integer> t2iAdapters(Additions additions) {
    Map<String, Component> open = new HashMap<>();
    Map<Component, Integer> pictures = new LinkedHashMap<>();
    additions
        .t2iAdapters()
        .choices()
        .forEach(
            choice ->
                pictures.merge(
                    open.computeIfAbsent(choice.model(), this::t2iAdapter), 1, Integer::sum));
    return pictures;
  }

  private Component t2iAdapter(String name) {
    return T2iAdapter.component(
        folders
            .find(name, Component.T2I_ADAPTER)
            .orElseThrow(missing(Component.T2I_ADAPTER, name)));
  }

  /** Those of a job, each once for every picture. */
  private List<IpAdapterFile> ipAdapters(Additions additions) {
    Map<String, IpAdapterFile> open = new HashMap<>();
    return additions.ipAdapter().stream()
        .flatMap(choice -> Collections.nCopies(choice.images().size(), choice.model()).stream())
        .map(name -> open.computeIfAbsent(name, this::ipAdapter))
        .toList();
  }

  private IpAdapterFile ipAdapter(String name) {
    return IpAdapterFile.open(
        folders.find(name, Component.IP_ADAPTER).orElseThrow(missing(Component.IP_ADAPTER, name)));
  }

  private PipelineMemory open(String model, Optional<String> vae) {
    Path folder = folders.find(model).orElseThrow(missing("model", model));
    Optional<Path> own =
        vae.map(
            name -> folders.find(name, Component.VAE).orElseThrow(missing(Component.VAE, name)));
    ModelKey key =
        new ModelKey(folder, own, FileVersions.of(Stream.concat(Stream.of(folder), own.stream())));
    PipelineMemory known = models.get(key);
    return known == null ? open(key) : known;
  }

  private PipelineMemory open(ModelKey key) {
    Snapshot snapshot = folders.snapshots().open(key.folder());
    Component vae =
        key.vae().map(Snapshots::vae).orElseGet(() -> snapshot.component(Component.VAE));
    PipelineMemory memory = PipelineMemory.of(snapshot, vae, settings.precision());
    models.put(key, memory);
    return memory;
  }

  private static Supplier<FarmException> missing(String what, String name) {
    return () -> FarmException.invalidJob("%s %s is not installed here".formatted(what, name));
  }

  private Planner.Footprint footprint(
      RenderJob job, JobPipelines pipelines, VaeTiles tiles, int batchSize) {
    List<List<StageMemory>> models = new ArrayList<>();
    models.add(stages(pipelines.base(), base(job, pipelines.size(), batchSize), tiles));
    pipelines
        .refiner()
        .ifPresent(
            refiner ->
                models.add(stages(refiner, refiner(job, pipelines.refined(), batchSize), tiles)));
    OptionalInt side =
        VaeTiling.of(pipelines.base().vae(), tiles)
            .map(tiling -> OptionalInt.of(tiling.sampleMinSize()))
            .orElseGet(OptionalInt::empty);
    long pictures =
        RGB * pipelines.pixels() * (Math.max(batchSize, job.numImagesPerPrompt()) + COPIES);
    long merging = job.additions().loras().isEmpty() ? 0 : pipelines.base().merging();
    return new Planner.Footprint(tiles, side, models, pictures + merging);
  }

  private List<StageMemory> stages(PipelineMemory memory, PictureShape picture, VaeTiles tiles) {
    return stages.computeIfAbsent(
        new StageKey(memory, picture, VaeTiling.of(memory.vae(), tiles)), StageKey::stages);
  }

  private static PictureShape base(RenderJob job, Size size, int batchSize) {
    boolean handsOver = job.refiner().flatMap(RefinerChoice::denoisingStart).isPresent();
    return new PictureShape(
        size,
        batchSize,
        Guidance.predictions(
            job.sampling().guidanceScale(),
            job.sampling()
                .imageGuidanceScale()
                .map(OptionalDouble::of)
                .orElseGet(OptionalDouble::empty),
            job.sampling().perturbed().isPresent()),
        job.source().isPresent(),
        !handsOver && (job.refiner().isPresent() || job.outputType() == OutputType.PIL),
        job.sampling().numInferenceSteps(),
        TextLength.of(job));
  }

  private static PictureShape refiner(RenderJob job, Size size, int batchSize) {
    RefinerChoice refiner = job.refiner().orElseThrow();
    return new PictureShape(
        size,
        batchSize,
        Guidance.predictions(
            refiner.guidanceScale().orElse(job.sampling().guidanceScale()),
            OptionalDouble.empty(),
            false),
        refiner.denoisingStart().isEmpty(),
        job.outputType() == OutputType.PIL,
        Math.max(1, refiner.steps(job.sampling().numInferenceSteps())),
        TextLength.of(job));
  }
}
