package farm.darkroom.sdxl.bench;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.WeightCheck;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.TextTime;
import farm.darkroom.sdxl.unet.UNet2DConditionModel;
import farm.darkroom.sdxl.unet.UNetConditioning;
import farm.darkroom.sdxl.unet.UNetConfig;
import farm.darkroom.sdxl.unet.UNetInput;
import farm.darkroom.sdxl.weights.Residency;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightLoader;
import farm.darkroom.sdxl.weights.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Steps of a UNet of SDXL base's size with random weights, which are made on first use.
 *
 * <pre>FullSizeUNet FOLDER LATENT DTYPE RESIDENCY STEPS</pre>
 */
final class FullSizeUNet {
  private static final String WEIGHTS = "diffusion_pytorch_model.fp16.safetensors";
  private static final Path CONFIG =
      Path.of("worker/src/test/resources/goldens/unet/topology/base.json");

  private final Kernels kernels = Kernels.load(Device.cpu());
  private final Path folder;

  private FullSizeUNet(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws IOException {
    FullSizeUNet bench = new FullSizeUNet(Path.of(arguments[0]));
    bench.make();
    bench.run(
        Integer.parseInt(arguments[1]),
        Dtype.valueOf(arguments[2].toUpperCase(Locale.ROOT)),
        Residency.valueOf(arguments[3].toUpperCase(Locale.ROOT)),
        Integer.parseInt(arguments[4]));
  }

  /** The folder of a component; a file cut off by an earlier death is made again. */
  private void make() throws IOException {
    Path weights = folder.resolve(WEIGHTS);
    if (Files.exists(weights)) {
      return;
    }
    Files.createDirectories(folder);
    Files.copy(CONFIG, folder.resolve("config.json"));
    UNetConfig config = UNetConfig.read(CONFIG);
    List<WeightGroup> groups = UNet2DConditionModel.groups(config);
    long start = System.nanoTime();
    Path part = folder.resolve("part");
    RandomWeights.write(part, groups);
    Files.move(part, weights);
    say("made %s in %.0f s: %.2f GB", weights, seconds(start), Files.size(weights) / 1e9);
  }

  private void run(int latent, Dtype dtype, Residency residency, int steps) {
    Engine.getEngine("PyTorch").setRandomSeed(0);
    Component unet = Component.open("unet", folder);
    try (Weights weights = residency.weights(new WeightLoader(unet.checkpoint(), kernels, dtype));
        NDManager scope = kernels.manager().newSubManager();
        PeakMemory memory = new PeakMemory()) {
      UNet2DConditionModel model = new UNet2DConditionModel(UNetConfig.of(unet), kernels, weights);
      WeightCheck.check(unet.checkpoint(), model.groups());
      say(
          "%s %s, latents %d x %d, CFG batch of 2",
          dtype.label(), residency.label(), latent, latent);
      long start = System.nanoTime();
      try (UNetConditioning text = model.condition(text(scope))) {
        say("text: %.2f s, peak %.2f GB", seconds(start), memory.take() / 1e9);
        NDArray sample = scope.randomNormal(new Shape(2, 4, latent, latent));
        for (int i = 0; i < steps; i++) {
          start = System.nanoTime();
          NDArray out = model.forward(scope, UNetInput.of(sample, 999 - i, text));
          float first = out.toFloatArray()[0];
          say(
              "step %d: %.2f s, peak %.2f GB, first value %g",
              i, seconds(start), memory.take() / 1e9, first);
        }
      }
    }
  }

  private static TextTime text(NDManager scope) {
    return new TextTime(
        scope.randomNormal(new Shape(2, 77, 2048)),
        scope.randomNormal(new Shape(2, 1280)),
        scope.create(
            new float[] {512, 512, 0, 0, 512, 512, 512, 512, 0, 0, 512, 512}, new Shape(2, 6)));
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private static void say(String format, Object... values) {
    System.out.printf(Locale.ROOT, format + "%n", values);
  }
}
