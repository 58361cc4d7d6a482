package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.pipeline.StableDiffusionXLPipeline;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.weights.Residency;
import farm.darkroom.worker.RenderPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The models that are open, all under one plan: a job's base and its refiner, the one that was used
 * last longest. For one thread.
 */
final class Pipelines implements AutoCloseable {
  private static final int MOST = 2;
  private static final List<String> COMPONENTS =
      List.of("text_encoder", "text_encoder_2", "unet", "vae");

  private final Host host;
  private final Dtype dtype;
  private final WeightHashes hashes = new WeightHashes();
  private final Map<Path, LoadedModel> open = new LinkedHashMap<>();
  private RenderPlan plan;

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
  LoadedModel get(String name, Path folder) {
    LoadedModel model = open.remove(folder);
    if (model == null) {
      closeEldest();
      model = EngineFailures.during(FailureKind.WORKER_UNFIT, name, () -> load(name, folder));
    }
    open.put(folder, model);
    return model;
  }

  private LoadedModel load(String name, Path folder) {
    Snapshot snapshot = Snapshot.open(folder);
    Engine engine =
        new Engine(host.kernels(), dtype, plan.careful() ? Dtype.FLOAT32 : dtype, residency(plan));
    StableDiffusionXLPipeline pipeline = StableDiffusionXLPipeline.open(snapshot, engine);
    return new LoadedModel(
        snapshot, pipeline, CompletableFuture.supplyAsync(() -> weights(name, snapshot)));
  }

  private static Residency residency(RenderPlan plan) {
    return switch (plan.residency()) {
      case RESIDENT -> Residency.RESIDENT;
      case MODEL -> Residency.MODEL;
      case SEQUENTIAL -> Residency.SEQUENTIAL;
    };
  }

  private List<WeightFile> weights(String name, Snapshot snapshot) {
    List<WeightFile> files = new ArrayList<>();
    Stream<Path> paths =
        COMPONENTS.stream()
            .flatMap(component -> snapshot.find(component).stream())
            .flatMap(component -> component.checkpoint().files().stream());
    paths.forEach(file -> files.add(weight(name, snapshot.folder(), file)));
    return files;
  }

  private WeightFile weight(String name, Path folder, Path file) {
    try {
      String path = folder.relativize(file).toString().replace('\\', '/');
      return new WeightFile(name, path, hashes.of(file), Files.size(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
