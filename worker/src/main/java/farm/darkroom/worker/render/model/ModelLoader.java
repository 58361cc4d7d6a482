package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.sdxl.lora.LoraSet;
import farm.darkroom.sdxl.pipeline.Engine;
import farm.darkroom.sdxl.pipeline.PipelineMemory;
import farm.darkroom.sdxl.pipeline.RequestCheck;
import farm.darkroom.sdxl.pipeline.StableDiffusionXLPipeline;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.vae.AutoencoderConfig;
import farm.darkroom.sdxl.vae.Tiling;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.render.engine.RenderDevice;
import farm.darkroom.worker.render.engine.VaeTiling;
import farm.darkroom.worker.render.inventory.Snapshots;
import java.nio.file.Files;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens models from their files, on one device and in one precision. Not thread-safe. */
record ModelLoader(
    Snapshots snapshots, RenderDevice device, Precision precision, WeightPinning pinning) {
  ModelLoader {
    requireNonNull(snapshots, "snapshots");
    requireNonNull(device, "device");
    requireNonNull(precision, "precision");
    requireNonNull(pinning, "pinning");
  }

  /**
   * Opens a model, from which the caller closes what is returned.
   *
   * @throws FarmException INVALID_JOB when the job has to name a VAE, or a LoRA does not fit
   * @throws farm.darkroom.sdxl.SdxlException when the snapshot is not sound
   */
  LoadedModel load(ModelChoice choice, RenderPlan plan) {
    Snapshot snapshot = snapshots.open(choice.folder());
    Component vae =
        choice.vae().map(own -> Snapshots.vae(own.place())).orElseGet(() -> vae(choice, snapshot));
    LoraSet loras = AddedLora.open(choice.loras(), snapshot);
    Optional<Tiling> tiling = VaeTiling.of(AutoencoderConfig.of(vae), plan.tiles());
    PipelineMemory memory = PipelineMemory.of(snapshot, vae, precision);
    RequestCheck requests = RequestCheck.of(snapshot);
    StableDiffusionXLPipeline pipeline =
        StableDiffusionXLPipeline.open(snapshot, engine(plan), vae, tiling, loras);
    try {
      return new LoadedModel(
          snapshot,
          requests,
          pipeline,
          memory,
          tiling,
          pinning.of(choice, snapshot, vae),
          Stream.concat(pipeline.warnings().stream(), loras.warnings().stream()).toList());
    } catch (RuntimeException e) {
      pipeline.close();
      throw e;
    }
  }

  /** A file without a VAE is sound: a job may name one. */
  private static Component vae(ModelChoice choice, Snapshot snapshot) {
    if (Files.isRegularFile(choice.folder()) && snapshot.find(Component.VAE).isEmpty()) {
      throw FarmException.invalidJob(
          "model %s is a file without a VAE: a job for it names one in \"vae\""
              .formatted(choice.name()));
    }
    return snapshot.component(Component.VAE);
  }

  /** What models are opened with under a plan. */
  Engine engine(RenderPlan plan) {
    return new Engine(
        device.kernels(),
        precision,
        plan.careful() ? Dtype.FLOAT32 : precision.dtype(),
        residency(plan));
  }

  private static WeightResidency residency(RenderPlan plan) {
    return switch (plan.residency()) {
      case RESIDENT -> WeightResidency.RESIDENT;
      case MODEL -> WeightResidency.MODEL;
      case SEQUENTIAL -> WeightResidency.SEQUENTIAL;
    };
  }
}
