package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.pipeline.PipelineMemory;
import farm.darkroom.sdxl.pipeline.StableDiffusionXLPipeline;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.vae.AutoencoderConfig;
import farm.darkroom.sdxl.vae.Tiling;
import farm.darkroom.sdxl.weights.Residency;
import farm.darkroom.worker.RenderPlan;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * The models that are open, all under one plan: a job's base and its refiner, the one that was used
 * last longest. For one thread.
 */
final class Pipelines implements AutoCloseable {
  private static final int MOST = 2;

  private final Host host;
  private final Dtype dtype;
  private final Weighing weighing = new Weighing(new WeightHashes());
  private final Map<Key, LoadedModel> open = new LinkedHashMap<>();
  private RenderPlan plan;

  private record Key(Path folder, Optional<OwnVae> vae) {}

  Pipelines(Host host, Dtype dtype) {
    this.host = requireNonNull(host, "host");
    this.dtype = requireNonNull(dtype, "dtype");
  }

  /** What follows is rendered so; models that are open otherwise are closed. */
  void use(RenderPlan wanted) {
    if (!wanted.equals(plan) || wanted.careful()) {
      close();
    }
    plan = wanted;
  }

  /**
   * The model, open.
   *
   * @param name as jobs call it
   * @throws farm.darkroom.common.FarmException WORKER_UNFIT when the snapshot is not sound
   */
  LoadedModel get(String name, Path folder, Optional<OwnVae> vae) {
    Key key = new Key(folder, vae);
    LoadedModel model = open.remove(key);
    if (model == null) {
      closeEldest();
      model = EngineFailures.during(FailureKind.WORKER_UNFIT, name, () -> load(name, key));
    }
    open.put(key, model);
    return model;
  }

  private LoadedModel load(String name, Key key) {
    Snapshot snapshot = Snapshot.open(key.folder());
    Component vae =
        key.vae()
            .map(own -> Component.open("vae", own.folder()))
            .orElseGet(() -> snapshot.component("vae"));
    Engine engine =
        new Engine(host.kernels(), dtype, plan.careful() ? Dtype.FLOAT32 : dtype, residency(plan));
    Optional<Tiling> tiling = JobMemory.tiling(AutoencoderConfig.of(vae), plan.tiles());
    StableDiffusionXLPipeline pipeline =
        StableDiffusionXLPipeline.open(snapshot, engine, vae, tiling);
    return new LoadedModel(
        snapshot,
        pipeline,
        PipelineMemory.of(snapshot, vae, dtype),
        tiling,
        CompletableFuture.supplyAsync(() -> weighing.of(name, snapshot, key.vae())));
  }

  private static Residency residency(RenderPlan plan) {
    return switch (plan.residency()) {
      case RESIDENT -> Residency.RESIDENT;
      case MODEL -> Residency.MODEL;
      case SEQUENTIAL -> Residency.SEQUENTIAL;
    };
  }

  /**
   * Closes models until those that stay, besides the wanted ones, leave enough memory.
   *
   * @param wanted folders of the models that are used next
   * @param room bytes that other models may hold
   */
  void makeRoom(Set<Path> wanted, long room) {
    if (plan == null || plan.residency() != farm.darkroom.worker.Residency.RESIDENT) {
      return;
    }
    List<Key> others =
        open.keySet().stream().filter(key -> !wanted.contains(key.folder())).toList();
    long held = others.stream().mapToLong(key -> open.get(key).weightBytes()).sum();
    for (Key key : others) {
      if (held > room) {
        held -= open.get(key).weightBytes();
        open.remove(key).close();
      }
    }
  }

  private void closeEldest() {
    if (open.size() >= MOST) {
      open.remove(open.keySet().iterator().next()).close();
    }
  }

  @Override
  public void close() {
    open.values().forEach(LoadedModel::close);
    open.clear();
  }
}
