package farm.darkroom.sdxl.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.sdxl.pipeline.PictureShape;
import farm.darkroom.sdxl.pipeline.PipelineMemory;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.HostAllocator;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.TextTime;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConditioning;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.unet.UNetInput;
import farm.darkroom.sdxl.vae.Autoencoder;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.vae.Tiling;
import farm.darkroom.sdxl.vae.Tilings;
import farm.darkroom.sdxl.weights.Precision;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.WeightResidency;
import farm.darkroom.sdxl.weights.Weights;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What the stages of a picture take beside what the planner expects of them.
 *
 * <pre>StageMemoryBench SNAPSHOT DTYPE RESIDENCY STAGE HEIGHT WIDTH TILE</pre>
 *
 * One stage per process, so that what an earlier one left does not count; TILE 0 is no tiling.
 */
final class StageMemoryBench {
  private static final int STEPS = 3;

  private final Kernels kernels = Kernels.load(Device.cpu());
  private final Snapshot snapshot;
  private final Dtype dtype;
  private final WeightResidency residency;

  private StageMemoryBench(Path folder, Dtype dtype, WeightResidency residency) {
    this.snapshot = Snapshot.open(folder);
    this.dtype = dtype;
    this.residency = residency;
  }

  public static void main(String[] arguments) {
    StageMemoryBench bench =
        new StageMemoryBench(
            Path.of(arguments[0]),
            Dtype.valueOf(arguments[1].toUpperCase(Locale.ROOT)),
            WeightResidency.valueOf(arguments[2].toUpperCase(Locale.ROOT)));
    Size size = new Size(Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
    bench.run(arguments[3], size, Integer.parseInt(arguments[6]));
  }

  private void run(String stage, Size size, int tile) {
    Component vae = snapshot.component("vae");
    PipelineMemory memory = PipelineMemory.of(snapshot, vae, Precision.of(dtype));
    Optional<Tiling> tiling =
        tile == 0 ? Optional.empty() : Optional.of(Tilings.withSide(memory.vae().tiling(), tile));
    StageMemory expected =
        memory.stages(new PictureShape(size, 1, 2, true, true, 1, 77), tiling).stream()
            .filter(found -> found.name().equals(stage))
            .findFirst()
            .orElseThrow();
    HostAllocator.keep(
        residency == WeightResidency.SEQUENTIAL
            ? HostAllocator.Keeping.NOTHING
            : HostAllocator.Keeping.SMALL);
    long before = PeakMemory.now();
    long start = System.nanoTime();
    try (PeakMemory peak = new PeakMemory()) {
      if (stage.equals("denoise")) {
        step(size);
      } else {
        code(vae, stage, size, tiling);
      }
      long took = peak.take();
      System.out.printf(
          Locale.ROOT,
          "%s %s %s %dx%d tile %d: process %d MB before, peak %d MB: %d MB taken, %d MB expected"
              + " (weights %d, passing %d, laid out %d, tensors %d), %.2f s, %.2f TFLOP%n",
          stage,
          dtype.label(),
          residency.name().toLowerCase(Locale.ROOT),
          size.height(),
          size.width(),
          tile,
          mega(before),
          mega(took),
          mega(took - before),
          mega(
              (residency == WeightResidency.SEQUENTIAL ? expected.passing() : expected.weights())
                  + expected.laidOut()
                  + expected.tensors()),
          mega(expected.weights()),
          mega(expected.passing()),
          mega(expected.laidOut()),
          mega(expected.tensors()),
          (System.nanoTime() - start) / 1e9,
          expected.work() / 1e12);
    }
  }

  private void step(Size size) {
    Component unet = snapshot.component("unet");
    UNetConfig config = UNetConfig.of(unet);
    try (Weights weights = residency.weights(new WeightLoader(unet.checkpoint(), kernels, dtype));
        NDManager scope = kernels.manager().newSubManager()) {
      UNet2DConditionModel model = new UNet2DConditionModel(config, kernels, weights);
      long pooled = config.time().projectionInputDim() - 6L * config.time().additionTimeEmbedDim();
      TextTime text =
          new TextTime(
              scope.randomNormal(new Shape(2, 77, config.crossAttentionDim())),
              scope.randomNormal(new Shape(2, pooled)),
              scope.ones(new Shape(2, 6)));
      try (UNetConditioning conditioning = model.condition(text)) {
        Shape latents = new Shape(2, config.inChannels(), size.height() / 8, size.width() / 8);
        NDArray sample = scope.randomNormal(latents);
        for (int i = 0; i < STEPS; i++) {
          long start = System.nanoTime();
          model.forward(scope, UNetInput.of(sample, 999 - i, conditioning)).close();
          System.out.printf(Locale.ROOT, "step %.3f s%n", (System.nanoTime() - start) / 1e9);
        }
      }
    }
  }

  private void code(Component vae, String stage, Size size, Optional<Tiling> tiling) {
    try (Weights weights = residency.weights(new WeightLoader(vae.checkpoint(), kernels, dtype));
        NDManager scope = kernels.manager().newSubManager()) {
      Autoencoder whole = Autoencoder.of(vae, kernels, weights);
      Autoencoder coder = tiling.map(whole::withTiling).orElse(whole);
      if (stage.equals("decode")) {
        coder.decodeRgb8(scope.randomNormal(new Shape(1, 4, size.height() / 8, size.width() / 8)));
      } else {
        NDArray picture = scope.ones(new Shape(1, 3, size.height(), size.width()));
        coder.encode(scope, picture, shape -> scope.randomNormal(shape));
      }
    }
  }

  private static long mega(long bytes) {
    return Math.round(bytes / 1e6);
  }
}
