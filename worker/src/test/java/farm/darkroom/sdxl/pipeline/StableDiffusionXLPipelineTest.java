package farm.darkroom.sdxl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.sdxl.lora.LoraSet;
import farm.darkroom.sdxl.snapshot.Component;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.PromptTexts;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.weights.SafetensorsFile;
import farm.darkroom.sdxl.weights.WeightResidency;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StableDiffusionXLPipelineTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static final SamplingSpec SAMPLING = SamplingSpec.of(42, 12, 5);
  private static final String RED = "a shiny red sphere on a checkerboard floor at sunset";

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  @ParameterizedTest
  @EnumSource(WeightResidency.class)
  void aSeedGivesDiffusersLatentsUnderEveryResidency(WeightResidency residency) {
    try (StableDiffusionXLPipeline pipeline = open(Dtype.FLOAT32, residency)) {
      float[] latents = latents(pipeline);
      FloatBuffer expected = golden("plain");
      for (int i = 0; i < latents.length; i++) {
        assertThat(latents[i]).isCloseTo(expected.get(i), within(4e-5f));
      }
      assertThat(latents(pipeline)).isEqualTo(latents);
    }
  }

  @Test
  void bfloat16PicturesAreTheSameUnderEveryResidency() {
    byte[] resident = bfloat16Picture(WeightResidency.RESIDENT);
    for (WeightResidency residency : WeightResidency.values()) {
      assertThat(bfloat16Picture(residency)).as(residency.name()).isEqualTo(resident);
    }
  }

  /** Of few steps: bfloat16 is slow on many CPUs. */
  private static byte[] bfloat16Picture(WeightResidency residency) {
    try (StableDiffusionXLPipeline pipeline = open(Dtype.BFLOAT16, residency);
        Denoising run =
            pipeline.start(
                Request.of(RED, SamplingSpec.of(42, 3, 5), pipeline.sizes().standard()))) {
      run.forEachRemaining(step -> {});
      return pipeline.decode(run).samples();
    }
  }

  @Test
  void theLoopCanBeLeftAtAnyStep() {
    try (StableDiffusionXLPipeline pipeline = open(Dtype.FLOAT32, WeightResidency.RESIDENT)) {
      try (Denoising run = start(pipeline)) {
        DenoisingStep first = run.next();
        assertThat(first.done()).isEqualTo(1);
        assertThat(first.steps()).isEqualTo(12);
      }
      assertThat(latents(pipeline)).hasSize(4 * 16 * 16);
    }
  }

  /** As diffusers does for every dtype, not float16 alone. */
  @Test
  void pictureIsEncodedInFloat32WhereTheVaeAsksForIt() {
    assertThat(started(Dtype.BFLOAT16, true)).isEqualTo(started(Dtype.FLOAT32, true));
    assertThat(started(Dtype.BFLOAT16, false)).isNotEqualTo(started(Dtype.FLOAT32, false));
  }

  private static float[] started(Dtype dtype, boolean upcast) {
    Snapshot snapshot = Snapshot.open(Path.of("demo-model/base"));
    Component demo = snapshot.component("vae");
    ObjectNode config = demo.config().deepCopy();
    config.put("force_upcast", upcast);
    Component vae = new Component("vae", demo.configFile(), config, demo.checkpoint());
    byte[] samples = new byte[64 * 64 * 3];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (byte) (i * i / 7);
    }
    PictureSource source = new PictureSource.Picture(new Raster(new Size(64, 64), 3, samples), 0.5);
    Request request =
        new Request(
            PromptTexts.of(RED), SAMPLING, new Size(64, 64), MicroConditioning.DEFAULT, source);
    Engine engine = Engine.of(KERNELS, dtype, WeightResidency.RESIDENT);
    try (StableDiffusionXLPipeline pipeline =
            StableDiffusionXLPipeline.open(
                snapshot, engine, vae, Optional.empty(), LoraSet.none());
        Denoising run = pipeline.start(request)) {
      return run.values();
    }
  }

  private static StableDiffusionXLPipeline open(Dtype dtype, WeightResidency residency) {
    return StableDiffusionXLPipeline.open(
        Snapshot.open(Path.of("demo-model/base")), Engine.of(KERNELS, dtype, residency));
  }

  private static Denoising start(StableDiffusionXLPipeline pipeline) {
    return pipeline.start(Request.of(RED, SAMPLING, pipeline.sizes().standard()));
  }

  private static float[] latents(StableDiffusionXLPipeline pipeline) {
    try (Denoising run = start(pipeline)) {
      run.forEachRemaining(step -> {});
      return run.values();
    }
  }

  private static FloatBuffer golden(String name) {
    SafetensorsFile file =
        SafetensorsFile.open(Path.of("src/test/resources/goldens/pipeline/latents.safetensors"));
    return file.bytes(file.tensors().get(name)).asFloatBuffer();
  }
}
