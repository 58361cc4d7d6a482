package farm.darkroom.sdxl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.lora.LoraSet;
import farm.darkroom.sdxl.schedulers.LatentMath;
import farm.darkroom.sdxl.schedulers.Noise;
import farm.darkroom.sdxl.schedulers.Scheduler;
import farm.darkroom.sdxl.schedulers.SchedulerConfig;
import farm.darkroom.sdxl.schedulers.Schedulers;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.PromptTexts;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.weights.WeightResidency;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Img2ImgStartTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static final int STEPS = 4;
  private static final Raster IMAGE = new Raster(new Size(64, 64), 3, new byte[64 * 64 * 3]);

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  static Stream<PictureSource> sources() {
    return Stream.of(
        new PictureSource.Picture(IMAGE, 0.5),
        new PictureSource.Masked(IMAGE, IMAGE, 0.5, OptionalInt.empty()));
  }

  /** A picture is 48 times its latents, and the loop goes on for minutes. */
  @ParameterizedTest
  @MethodSource("sources")
  void picturesAreFreedOnceTheyAreLatents(PictureSource source) {
    Snapshot demo = Snapshot.open(Path.of("demo-model/base"));
    Engine engine = Engine.of(KERNELS, Dtype.FLOAT32, WeightResidency.RESIDENT);
    try (NDManager scope = KERNELS.manager().newSubManager();
        Components components =
            Components.open(
                demo, demo.component("vae"), Optional.empty(), engine, LoraSet.none())) {
      Start start = start(source, components, scope);
      assertThat(scope.getManagedArrays().stream().mapToLong(NDArray::size).max())
          .hasValue(start.latents().size());
    }
  }

  private static Start start(PictureSource source, Components components, NDManager scope) {
    SamplingSpec sampling = SamplingSpec.of(1, STEPS, 5);
    Request request =
        new Request(
            PromptTexts.of("a"), sampling, new Size(64, 64), MicroConditioning.DEFAULT, source);
    SchedulerConfig config = SchedulerConfig.of("DDIMScheduler", Map.of());
    Scheduler scheduler = Schedulers.create(config, new LatentMath(KERNELS, scope));
    scheduler.setTimesteps(STEPS);
    DenoisingWindow window = DenoisingWindow.of(request, scheduler, STEPS);
    return new StartContext(
            KERNELS, components, scheduler, window, request, Noise.ofSeeds(1), false, scope)
        .start();
  }
}
