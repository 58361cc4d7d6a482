package farm.darkroom.sdxl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.text.PromptTexts;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.unet.FreeU;
import farm.darkroom.sdxl.unet.PerturbedLayers;
import farm.darkroom.sdxl.vae.Raster;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.sdxl.weights.WeightResidency;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Loops side by side come to what each comes to alone, but for the last bits. */
class DenoisingBatchTest {
  private static final double LAST_BITS = 5e-5;
  private static final int STEPS = 4;
  private static final Size SIZE = new Size(64, 80);
  private static final Kernels KERNELS = Kernels.load(Device.cpu());
  private static StableDiffusionXLPipeline pipeline;

  @BeforeAll
  static void open() {
    pipeline =
        StableDiffusionXLPipeline.open(
            Snapshot.open(Path.of("demo-model/base")),
            Engine.of(KERNELS, Dtype.FLOAT32, WeightResidency.RESIDENT));
  }

  @AfterAll
  static void close() {
    pipeline.close();
    KERNELS.close();
  }

  @Test
  void everyRowIsThePictureOfItsOwnRequest() {
    List<Request> requests =
        List.of(
            text("a shiny red sphere", 1, 5, "EulerAncestralDiscreteScheduler"),
            text("a large blue cube in the snow", 2, 1, "EulerAncestralDiscreteScheduler"),
            text("", 3, 2.5, "EulerDiscreteScheduler"),
            changed(4));
    assertRowsAreTheirOwn(requests);
  }

  @Test
  void attentionIsPerturbedInTheRowsOfItsOwnRequest() {
    List<Request> requests =
        List.of(
            perturbed("a shiny red sphere", 1, 5, "mid"),
            text("a large blue cube in the snow", 2, 5, "EulerDiscreteScheduler"),
            perturbed("a yellow cone", 3, 1, "up"),
            perturbed("a green ball", 4, 5, "attn1"));
    assertRowsAreTheirOwn(requests);
  }

  private static Request perturbed(String prompt, long seed, double guidance, String layers) {
    PerturbedLayers own = new PerturbedLayers(List.of(Pattern.compile(layers)));
    PerturbedAttention attention = new PerturbedAttention(3, 0.001, own);
    return Request.of(
        prompt,
        sampling(
            seed,
            new Guidance(guidance, OptionalDouble.empty(), 0, Optional.of(attention)),
            "EulerDiscreteScheduler"),
        SIZE);
  }

  @Test
  void rowMayLeaveAtAnyStep() {
    Request stays = text("a red cone", 5, 4, "EulerDiscreteScheduler");
    try (Denoising first = pipeline.start(text("a ball", 6, 4, "EulerDiscreteScheduler"));
        Denoising second = pipeline.start(stays);
        DenoisingBatch batch = new DenoisingBatch(List.of(first, second))) {
      batch.next();
      batch.remove(first);
      while (batch.hasNext()) {
        batch.next();
      }
      assertThat(first.hasNext()).isTrue();
      assertThat(second.hasNext()).isFalse();
      assertThat(apart(second.values(), alone(stays))).isLessThan(LAST_BITS);
    }
  }

  @Test
  void nansStayInTheirRow() {
    Request well = text("a red cone", 5, 4, "EulerDiscreteScheduler");
    Request broken = text("a red cone", 5, Double.POSITIVE_INFINITY, "EulerDiscreteScheduler");
    List<float[]> together = together(List.of(broken, well));
    assertThat(Float.isFinite(together.get(0)[0])).isFalse();
    assertThat(apart(together.get(1), alone(well))).isLessThan(LAST_BITS);
  }

  @Test
  void loopsOfOtherTimestepsAreRefused() {
    try (Denoising four = pipeline.start(text("a ball", 6, 4, "EulerDiscreteScheduler"));
        Denoising other = pipeline.start(text("a ball", 6, 4, "HeunDiscreteScheduler"))) {
      assertThat(four.canBatchWith(other)).isFalse();
      assertThatThrownBy(() -> new DenoisingBatch(List.of(four, other)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void loopsOfAnotherFreeUAreRefused() {
    Request plain = text("a ball", 6, 4, "EulerDiscreteScheduler");
    try (Denoising one = pipeline.start(freed(plain, 1.2));
        Denoising same = pipeline.start(freed(plain, 1.2));
        Denoising stronger = pipeline.start(freed(plain, 1.4));
        Denoising none = pipeline.start(plain)) {
      assertThat(one.canBatchWith(same)).isTrue();
      assertThat(one.canBatchWith(stronger)).isFalse();
      assertThat(one.canBatchWith(none)).isFalse();
    }
  }

  @Test
  void loopsOfTheSameFreeUShareTheirPasses() {
    Request first = freed(text("a ball", 6, 4, "EulerDiscreteScheduler"), 1.4);
    Request second = freed(text("a red cone", 7, 1, "EulerDiscreteScheduler"), 1.4);
    assertRowsAreTheirOwn(List.of(first, second));
  }

  private static void assertRowsAreTheirOwn(List<Request> requests) {
    List<float[]> together = together(requests);
    for (int i = 0; i < requests.size(); i++) {
      assertThat(apart(together.get(i), alone(requests.get(i))))
          .as("row %d", i)
          .isLessThan(LAST_BITS);
    }
  }

  private static Request freed(Request plain, double b2) {
    return new Request(
        plain.prompts(),
        plain.sampling(),
        plain.size(),
        plain.sizes(),
        plain.source(),
        plain.inversions(),
        plain.controls(),
        plain.guessMode(),
        plain.adapterImages(),
        plain.imagePrompts(),
        Optional.of(new FreeU(0.6, 0.4, 1.1, b2)));
  }

  private static Request text(String prompt, long seed, double guidance, String scheduler) {
    return Request.of(prompt, sampling(seed, new Guidance(guidance, 0), scheduler), SIZE);
  }

  /** Another source, whose last steps are the same ones. */
  private static Request changed(long seed) {
    byte[] samples = new byte[SIZE.width() * SIZE.height() * 3];
    Raster black = new Raster(SIZE, 3, samples);
    return new Request(
        PromptTexts.of("a green ball"),
        sampling(seed, new Guidance(3, 0), "EulerDiscreteScheduler"),
        SIZE,
        MicroConditioning.DEFAULT,
        new PictureSource.Picture(black, 1));
  }

  private static SamplingSpec sampling(long seed, Guidance guidance, String scheduler) {
    return new SamplingSpec(
        seed,
        StepSchedule.of(STEPS),
        guidance,
        0,
        Map.of("name", scheduler),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  private static float[] alone(Request request) {
    try (Denoising run = pipeline.start(request)) {
      run.forEachRemaining(step -> {});
      return run.values();
    }
  }

  private static List<float[]> together(List<Request> requests) {
    List<Denoising> rows = requests.stream().map(pipeline::start).toList();
    try (DenoisingBatch batch = new DenoisingBatch(rows)) {
      while (batch.hasNext()) {
        batch.next();
      }
      return rows.stream().map(Denoising::values).toList();
    } finally {
      rows.forEach(Denoising::close);
    }
  }

  private static double apart(float[] found, float[] expected) {
    double distance = 0;
    double length = 0;
    for (int i = 0; i < expected.length; i++) {
      distance += Math.pow(found[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(distance / length);
  }
}
