package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.SchedulerChoice;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.pipeline.PipelineMemory;
import farm.darkroom.sdxl.pipeline.RequestCheck;
import farm.darkroom.sdxl.pipeline.StableDiffusionXLPipeline;
import farm.darkroom.sdxl.schedulers.SchedulerConfig;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.CacheHits;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.vae.Tiling;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** An open model, and what records say of it. Not thread-safe. */
public final class LoadedModel implements VersionedResource.Files {
  private final StableDiffusionXLPipeline pipeline;
  private final RequestCheck requests;
  private final PipelineMemory memory;
  private final Optional<Tiling> tiling;
  private final Map<String, Object> schedulerConfig;
  private final PinnedWeights pinned;
  private final List<String> warnings;
  private CacheHits counted = new CacheHits(0, 0);

  /**
   * @param requests what it refuses of requests
   * @param memory that its weights take once they are used
   * @param tiling of the VAE, if it is to work in tiles
   * @param pinned its files, which it closes
   */
  LoadedModel(
      Snapshot snapshot,
      RequestCheck requests,
      StableDiffusionXLPipeline pipeline,
      PipelineMemory memory,
      Optional<Tiling> tiling,
      PinnedWeights pinned,
      List<String> warnings) {
    this.pipeline = requireNonNull(pipeline, "pipeline");
    this.requests = requireNonNull(requests, "requests");
    this.memory = requireNonNull(memory, "memory");
    this.tiling = requireNonNull(tiling, "tiling");
    this.schedulerConfig = snapshot.schedulerFields();
    this.pinned = requireNonNull(pinned, "pinned");
    this.warnings = List.copyOf(warnings);
  }

  /** The pipeline, which belongs to this model. */
  public StableDiffusionXLPipeline pipeline() {
    return pipeline;
  }

  /** Checks requests to this model. */
  public RequestCheck requests() {
    return requests;
  }

  /** Bytes of its weights where they stay. */
  long weightBytes() {
    return memory.weights();
  }

  /** The warning for records, if the VAE takes a picture of this size in tiles. */
  public Optional<String> tilesWarning(Size size) {
    return tiling
        .filter(tiles -> tiles.splits(size))
        .map(
            tiles ->
                "memory was short: the VAE worked in tiles of %d pixels, which changes pixels a little"
                    .formatted(tiles.sampleMinSize()));
  }

  /** The text cache's hits and misses since the last call. */
  CacheHits textCache() {
    CacheHits before = counted;
    counted = pipeline.textCache();
    return counted.since(before);
  }

  /**
   * The files of its weights, with their hashes: waits until those are there.
   *
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT when one cannot be read
   */
  public List<WeightFile> weights() {
    return pinned.files();
  }

  @Override
  public PinnedWeights pinned() {
    return pinned;
  }

  /** Warnings about the additions, one line each. */
  public List<String> warnings() {
    return warnings;
  }

  /**
   * The scheduler that a job gets, with its whole config.
   *
   * @param overrides of the snapshot's config, the class under {@code name}, as in {@link
   *     farm.darkroom.sdxl.pipeline.SamplingSpec}
   */
  public SchedulerChoice scheduler(Map<String, Object> overrides) {
    SchedulerConfig config = SchedulerConfig.of(schedulerConfig, overrides);
    SortedMap<String, Object> values = new TreeMap<>();
    config.values().forEach((key, value) -> values.put(key, plain(value)));
    return new SchedulerChoice(config.name(), values);
  }

  private static Object plain(Object value) {
    return value instanceof double[] numbers ? Arrays.stream(numbers).boxed().toList() : value;
  }

  @Override
  public void close() {
    pinned.close();
    pipeline.close();
  }
}
