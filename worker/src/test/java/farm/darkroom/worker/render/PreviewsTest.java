package farm.darkroom.worker.render;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.vae.BrightTiny;
import farm.darkroom.sdxl.vae.LatentRgb;
import farm.darkroom.worker.Output;
import farm.darkroom.worker.RenderAsk;
import farm.darkroom.worker.RenderOutcome;
import farm.darkroom.worker.RenderPlan;
import farm.darkroom.worker.RenderResult;
import farm.darkroom.worker.RenderWatch;
import farm.darkroom.worker.Residency;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Previews of the demo model's pictures: what they show, and that they change none. */
class PreviewsTest {
  private static final RenderPlan PLAN = RenderPlan.of(Residency.RESIDENT);
  private static final SdxlRenderer ROUGH = renderer(TestRenderers.ONE_THREAD, Optional.empty());
  @TempDir private static Path models;
  private static String tiny;
  private static SdxlRenderer fine;

  @BeforeAll
  static void open() throws IOException {
    tiny = BrightTiny.write(models.resolve("tiny")).toString();
    fine = renderer(TestRenderers.ONE_THREAD, Optional.of(tiny));
  }

  @AfterAll
  static void close() {
    ROUGH.close();
    fine.close();
  }

  /** Keeps all previews. */
  private static final class Gallery implements RenderWatch {
    private final List<Picture> shown = new ArrayList<>();
    private final List<Integer> asked = new ArrayList<>();

    @Override
    public void step(int done, int of) {}

    @Override
    public boolean wantsPreview(int step) {
      asked.add(step);
      return step != 2;
    }

    @Override
    public void preview(Picture picture) {
      shown.add(picture);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'seed': 1",
        "'seed': 1, 'scheduler': 'KDPM2AncestralDiscreteScheduler'",
        "'seed': 1, 'scheduler': 'UniPCMultistepScheduler', 'output_type': 'latent'",
        "'seed': 1, 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.5}",
        "'seed': 1, 'image': '@', 'mask_image': '@', 'strength': 0.9",
        "'seed': 1, 'num_images_per_prompt': 2"
      })
  void picturesAreTheSameWithPreviews(String fields, @TempDir Path folder) throws IOException {
    Path grey = Files.write(folder.resolve("grey.png"), grey());
    RenderJob job = job(fields.replace("@", grey.toString()));
    List<byte[]> without = bytes(ROUGH.render(job, PLAN, (done, of) -> {}));
    Gallery gallery = new Gallery();
    RenderResult with = fine.render(job, PLAN, gallery);
    assertThat(bytes(with)).containsExactlyElementsOf(without);
    assertThat(gallery.shown).isNotEmpty();
    assertThat(with.made().timings().stageSeconds()).containsKey("preview");
  }

  @Test
  void eachModelsStepsAreAskedForAndThoseThatAreWantedShown() {
    Gallery gallery = new Gallery();
    ROUGH.render(
        job("'seed': 1, 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.5}"),
        PLAN,
        gallery);
    assertThat(gallery.asked).containsExactly(1, 2, 1, 2);
    assertThat(gallery.shown).hasSize(2);
    assertThat(gallery.shown.get(0).rgb()).isNotEqualTo(gallery.shown.get(1).rgb());
  }

  /** Euler's last step goes all the way to what the model predicts. */
  @Test
  void roughPreviewIsThePredictionAndTheLastOneTheEnd() {
    Gallery gallery = new Gallery();
    RenderJob job = job("'seed': 1, 'output_type': 'latent'");
    byte[] file = bytes(ROUGH.render(job, PLAN, gallery)).get(0);
    assertThat(file).isEqualTo(bytes(ROUGH.render(job, PLAN, (done, of) -> {})).get(0));
    assertThat(gallery.shown).hasSize(3).allMatch(shown -> shown.width() == 12);
    assertThat(gallery.shown).allMatch(shown -> shown.height() == 8);
    byte[] expected = LatentRgb.raster(latents(file), 8, 12).samples();
    assertThat(furthest(gallery.shown.get(2).rgb(), expected)).isLessThan(2);
    assertThat(furthest(gallery.shown.get(0).rgb(), expected)).isGreaterThan(8);
  }

  @Test
  void autoencoderMakesPreviewsOfThePicturesSize() {
    Gallery gallery = new Gallery();
    fine.render(job("'seed': 1"), PLAN, gallery);
    assertThat(gallery.shown).hasSize(3);
    assertThat(gallery.shown).allMatch(shown -> shown.width() == 96 && shown.height() == 64);
    assertThat(gallery.shown.get(0).rgb()).isNotEqualTo(gallery.shown.get(2).rgb());
  }

  @Test
  void ofPicturesSideBySideEachJobsFirstIsShown() {
    Gallery two = new Gallery();
    Gallery one = new Gallery();
    List<RenderAsk> asks =
        List.of(
            new RenderAsk(job("'seed': 1, 'num_images_per_prompt': 2"), two),
            new RenderAsk(job("'seed': 5"), one));
    List<RenderOutcome> outcomes = ROUGH.renderTogether(asks, PLAN, 3);
    assertThat(outcomes.get(0).orThrow().made().microBatch()).isEqualTo(3);
    assertThat(two.asked).containsExactly(1, 2, 3, 4);
    assertThat(two.shown).hasSize(3);
    assertThat(one.shown).hasSize(3);
    assertThat(two.shown.get(2).rgb()).isNotEqualTo(one.shown.get(2).rgb());
  }

  @Test
  void watchThatFailsCostsThePreviewAlone() {
    RenderJob job = job("'seed': 1");
    List<Throwable> thrown =
        List.of(new IllegalStateException("full"), new OutOfMemoryError("PNG"));
    for (Throwable failure : thrown) {
      RenderResult result = ROUGH.render(job, PLAN, new Failing(failure));
      assertThat(bytes(result))
          .containsExactlyElementsOf(bytes(ROUGH.render(job, PLAN, (done, of) -> {})));
    }
  }

  /** Cannot show a thing. */
  private record Failing(Throwable failure) implements RenderWatch {
    @Override
    public void step(int done, int of) {}

    @Override
    public boolean wantsPreview(int step) {
      return true;
    }

    @Override
    public void preview(Picture picture) {
      if (failure instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failure;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void memoryThatPreviewsTookIsNotThePlans(int pictures) {
    RenderJob job = job("'seed': 1");
    ShortOnce watch = new ShortOnce();
    try (SdxlRenderer renderer = renderer(TestRenderers.ONE_THREAD, Optional.of(tiny))) {
      RenderPlan plan = renderer.plan(job);
      RenderResult result =
          pictures == 1
              ? renderer.render(job, plan, watch)
              : renderer
                  .renderTogether(List.of(new RenderAsk(job, watch)), plan, pictures)
                  .get(0)
                  .orThrow();
      assertThat(result.outputs()).hasSize(1);
      assertThat(renderer.plan(job)).isEqualTo(plan);
    }
    assertThat(watch.widths).containsExactly(96, 12, 12, 12, 12);
  }

  /** Memory runs out after the second step, once. */
  private static final class ShortOnce implements RenderWatch {
    private final List<Integer> widths = new ArrayList<>();
    private boolean wasShort;

    @Override
    public void step(int done, int of) {
      if (done == 2 && !wasShort) {
        wasShort = true;
        throw new OutOfMemoryError("no more");
      }
    }

    @Override
    public boolean wantsPreview(int step) {
      return true;
    }

    @Override
    public void preview(Picture picture) {
      widths.add(picture.width());
    }
  }

  @Test
  void autoencoderThatDoesNotFitBesideThePlanIsDoneWithout() {
    RenderJob job = job("'seed': 1");
    Planning planning =
        new Planning(
            TestRenderers.ONE_THREAD, TestRenderers.folders(Optional.empty()), new LocalInputs());
    long peak = planning.table(job).rows().get(0).peakBytes();
    EngineSettings tight =
        new EngineSettings(
            "cpu", Dtype.FLOAT32, 1, Optional.empty(), Optional.of(peak + 1_000_000));
    Gallery gallery = new Gallery();
    try (SdxlRenderer renderer = renderer(tight, Optional.of(tiny))) {
      assertThat(renderer.plan(job)).isEqualTo(PLAN);
      renderer.render(job, PLAN, gallery);
    }
    assertThat(gallery.shown).hasSize(3).allMatch(shown -> shown.width() == 12);
  }

  @Test
  void autoencoderThatCannotMakePreviewsIsRefusedAtOnce() {
    assertThatThrownBy(() -> renderer(TestRenderers.ONE_THREAD, Optional.of("demo")))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.WORKER_UNFIT))
        .hasMessageMatching(
            "--preview-vae demo: .*config.json: _class_name is \"AutoencoderKL\"; supported:"
                + " AutoencoderTiny");
    assertThatThrownBy(() -> renderer(TestRenderers.ONE_THREAD, Optional.of("foo")))
        .hasMessageStartingWith("--preview-vae foo: not installed here");
  }

  private static SdxlRenderer renderer(EngineSettings settings, Optional<String> vae) {
    return new SdxlRenderer(
        settings,
        TestRenderers.folders(Optional.empty()),
        new LocalInputs(),
        Clock.systemUTC(),
        System::nanoTime,
        vae);
  }

  private static List<byte[]> bytes(RenderResult result) {
    return result.outputs().stream()
        .map(
            output ->
                output instanceof Output.Image image
                    ? image.picture().rgb()
                    : ((Output.Latents) output).safetensors())
        .toList();
  }

  private static float[] latents(byte[] safetensors) {
    ByteBuffer file = ByteBuffer.wrap(safetensors).order(ByteOrder.LITTLE_ENDIAN);
    file.position(Long.BYTES + (int) file.getLong(0));
    float[] values = new float[file.remaining() / Float.BYTES];
    file.asFloatBuffer().get(values);
    return values;
  }

  private static int furthest(byte[] found, byte[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    int distance = 0;
    for (int i = 0; i < expected.length; i++) {
      distance = Math.max(distance, Math.abs((found[i] & 0xff) - (expected[i] & 0xff)));
    }
    return distance;
  }

  private static byte[] grey() {
    byte[] rgb = new byte[96 * 64 * 3];
    Arrays.fill(rgb, (byte) 150);
    return Png.encode(new Picture(96, 64, rgb), Map.of());
  }

  private static RenderJob job(String fields) {
    String json =
        ("{'model': 'demo', 'prompt': 'a red ball', 'num_inference_steps': 4, 'height': 64,"
                + " 'width': 96, %s}")
            .formatted(fields)
            .replace('\'', '"');
    return RenderJob.fromJson(json.getBytes(UTF_8));
  }
}
