package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.worker.Output;
import farm.darkroom.worker.RenderAsk;
import farm.darkroom.worker.RenderOutcome;
import farm.darkroom.worker.RenderPlan;
import farm.darkroom.worker.RenderResult;
import farm.darkroom.worker.RenderStopped;
import farm.darkroom.worker.Residency;
import farm.darkroom.worker.Stop;
import farm.darkroom.worker.VaeTiles;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine behind the port, on the demo model. */
class SdxlRendererTest {
  private static final RenderPlan PLAN = RenderPlan.of(Residency.RESIDENT);
  private static final SdxlRenderer RENDERER = TestRenderers.demo(TestRenderers.ONE_THREAD);

  @AfterAll
  static void close() {
    RENDERER.close();
  }

  @Test
  void severalImagesAreTheImagesOfSeveralJobs() {
    List<byte[]> together = pictures(render(job("'num_images_per_prompt': 2, 'seed': 7")));
    assertThat(together.get(0)).isEqualTo(pictures(render(job("'seed': 7"))).get(0));
    assertThat(together.get(1)).isEqualTo(pictures(render(job("'seed': 8"))).get(0));
    assertThat(together.get(0)).isNotEqualTo(together.get(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'seed': 1",
        "'seed': 1, 'guidance_scale': 1",
        "'seed': 1, 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.5}",
        "'seed': 1, 'refiner': {'model': 'demo-refiner', 'strength': 0.5}",
        "'seed': 1, 'vae': 'demo-refiner', 'image': '@', 'strength': 0.9",
        "'seed': 1, 'image': '@', 'mask_image': '@', 'strength': 0.9",
        "'seed': 1, 'num_images_per_prompt': 2, 'prompt_syntax': 'weighted'"
      })
  void everyResidencyGivesTheSamePicture(String fields, @TempDir Path folder) throws IOException {
    Path grey = picture(folder.resolve("grey.png"), 64, 64, 150, 150, 150);
    RenderJob job = job(fields.replace("@", grey.toString()));
    List<byte[]> resident = pictures(render(job));
    for (Residency residency : Residency.values()) {
      RenderResult other = RENDERER.render(job, RenderPlan.of(residency), (k, n) -> {});
      assertThat(pictures(other)).as(residency.label()).containsExactlyElementsOf(resident);
      assertThat(other.made().plan().residency()).isEqualTo(residency);
      assertThat(other.made().warnings()).isEmpty();
    }
  }

  @Test
  void tilesChangePixelsALittleAndTheRecordSaysSo() {
    RenderJob job = job("'seed': 1");
    RenderResult tiled =
        RENDERER.render(
            job, new RenderPlan(Residency.RESIDENT, VaeTiles.QUARTER, false), (k, n) -> {});
    byte[] exact = pictures(render(job)).get(0);
    byte[] found = pictures(tiled).get(0);
    assertThat(found).hasSameSizeAs(exact).isNotEqualTo(exact);
    assertThat(tiled.made().warnings())
        .containsExactly(
            "memory was short: the VAE worked in tiles of 32 pixels, which changes pixels a little");
  }

  @Test
  void refinerGoesOnWhereTheBaseStopped() {
    String start = "'seed': 1, 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.5}";
    RenderResult refined = render(job(start));
    assertThat(pictures(refined).get(0)).isNotEqualTo(pictures(render(job("'seed': 1"))).get(0));
    assertThat(refined.made().weights())
        .extracting(WeightFile::model)
        .contains("demo", "demo-refiner");
  }

  @Test
  void watchIsToldOfEveryStepOfEveryImage() {
    List<String> told = new ArrayList<>();
    RENDERER.render(
        job("'seed': 1, 'num_images_per_prompt': 2"), PLAN, (k, n) -> told.add(k + "/" + n));
    assertThat(told).containsExactly("0/4", "1/4", "2/4", "3/4", "4/4");
  }

  @Test
  void watchStopsTheRenderBetweenSteps() {
    assertThatThrownBy(
            () ->
                RENDERER.render(
                    job("'seed': 1"),
                    PLAN,
                    (k, n) -> {
                      if (k == 1) {
                        throw new RenderStopped(Stop.SHUTDOWN);
                      }
                    }))
        .isInstanceOf(RenderStopped.class);
    assertThat(pictures(render(job("'seed': 1")))).hasSize(1);
  }

  @Test
  void latentsAreASafetensorsFile() {
    Output output = render(job("'seed': 1, 'output_type': 'latent'")).outputs().get(0);
    byte[] file = ((Output.Latents) output).safetensors();
    int header = (int) ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getLong();
    String text = new String(file, Long.BYTES, header, StandardCharsets.UTF_8);
    assertThat(text).contains("\"latents\"", "\"F32\"", "[1,4,8,8]", "[0,1024]");
    assertThat(file).hasSize(Long.BYTES + header + 1024);
    assertThat(header % 8).isZero();
  }

  @Test
  void recordHoldsWhatWasUsed() {
    RenderResult result = render(job("'seed': 1"));
    assertThat(result.made().weights())
        .extracting(WeightFile::path)
        .contains("unet/diffusion_pytorch_model.safetensors");
    assertThat(result.made().versions()).containsKeys("djl", "libtorch", "java");
    assertThat(result.made().scheduler().name()).isEqualTo("EulerDiscreteScheduler");
    assertThat(result.made().timings().steps()).isEqualTo(2);
    assertThat(result.made().timings().stageSeconds()).containsKeys("text", "denoise", "decode");
  }

  @Test
  void jobsSideBySideComeToTheirOwnPictures() {
    List<RenderJob> jobs =
        List.of(
            job("'seed': 1, 'num_images_per_prompt': 2"),
            job("'seed': 5, 'guidance_scale': 1, 'negative_prompt': 'night'"),
            job("'seed': 6, 'scheduler': 'HeunDiscreteScheduler'"));
    List<RenderAsk> asks = jobs.stream().map(job -> new RenderAsk(job, (done, of) -> {})).toList();
    List<RenderOutcome> outcomes = RENDERER.renderTogether(asks, PLAN, 4);
    for (int i = 0; i < jobs.size(); i++) {
      List<byte[]> found = pictures(outcomes.get(i).orThrow());
      List<byte[]> alone = pictures(render(jobs.get(i)));
      assertThat(found).hasSameSizeAs(alone);
      for (int k = 0; k < alone.size(); k++) {
        assertThat(furthest(found.get(k), alone.get(k))).as("job %d", i).isLessThan(2);
      }
    }
    assertThat(outcomes)
        .extracting(outcome -> outcome.orThrow().made().microBatch())
        .containsExactly(3, 3, 1);
  }

  @Test
  void whatStopsOneOfSeveralJobsStopsItAlone() {
    RenderAsk stopped =
        new RenderAsk(
            job("'seed': 1"),
            (done, of) -> {
              if (done == 1) {
                throw new RenderStopped(Stop.CANCELLED);
              }
            });
    RenderAsk wrong =
        new RenderAsk(job("'seed': 2, 'scheduler': 'PNDMScheduler'"), (done, of) -> {});
    RenderAsk well = new RenderAsk(job("'seed': 3"), (done, of) -> {});
    List<RenderOutcome> outcomes = RENDERER.renderTogether(List.of(stopped, wrong, well), PLAN, 3);
    assertThatThrownBy(outcomes.get(0)::orThrow).isInstanceOf(RenderStopped.class);
    assertThatThrownBy(outcomes.get(1)::orThrow)
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB));
    assertThat(
            furthest(
                pictures(outcomes.get(2).orThrow()).get(0),
                pictures(render(job("'seed': 3"))).get(0)))
        .isLessThan(2);
  }

  private static int furthest(byte[] found, byte[] expected) {
    int distance = 0;
    for (int i = 0; i < expected.length; i++) {
      distance = Math.max(distance, Math.abs((found[i] & 0xff) - (expected[i] & 0xff)));
    }
    return distance;
  }

  @Test
  void int8StandsInTheRecordAndChangesThePictureALittle() {
    byte[] plain = pictures(render(job("'seed': 1"))).get(0);
    try (SdxlRenderer renderer = TestRenderers.demo(TestRenderers.ONE_THREAD.quantised("int8"))) {
      RenderResult result = renderer.render(job("'seed': 1"), PLAN, (k, n) -> {});
      assertThat(result.made().dtype()).isEqualTo("float32+int8");
      assertThat(pictures(result).get(0)).isNotEqualTo(plain);
    }
  }

  @Test
  void missingModelIsNamedBesideThoseThatAreThere() {
    assertThat(RENDERER.lacks(job("'seed': 1"))).isEmpty();
    assertThat(RENDERER.lacks(job("foo", "'seed': 1")))
        .contains("model foo is not installed here; installed: demo, demo-refiner");
    assertThat(
            RENDERER
                .lacks(job("'seed': 1, 'refiner': {'model': 'bar', 'strength': 1}"))
                .orElseThrow())
        .startsWith("model bar");
  }

  @Test
  void ownVaeIsUsedAndStandsInTheRecord() {
    RenderJob own = job("'seed': 1, 'vae': 'demo-refiner'");
    assertThat(RENDERER.lacks(own)).isEmpty();
    RenderResult result = render(own);
    assertThat(result.made().weights())
        .filteredOn(file -> file.model().equals("demo-refiner"))
        .hasSize(1);
    assertThat(result.made().weights()).hasSize(4);
    assertThat(RENDERER.lacks(job("'seed': 1, 'vae': 'no-such-vae'")).orElseThrow())
        .contains("vae no-such-vae is not installed here");
  }

  @Test
  void ownVaeIsTheRefinersToo() {
    String refiner = "'refiner': {'model': 'demo-refiner', 'denoising_start': 0.5}";
    RenderResult result = render(job("'seed': 1, 'vae': 'demo', " + refiner));
    assertThat(result.made().weights())
        .noneMatch(file -> file.path().startsWith("vae/"))
        .filteredOn(file -> file.path().equals("diffusion_pytorch_model.safetensors"))
        .extracting(WeightFile::model)
        .containsExactly("demo");
  }

  @Test
  void nullOfTheJobsSchedulerGoesBeforeTheSnapshotsValue() {
    Map<String, Object> none = new HashMap<>();
    none.put("sigma_min", null);
    RenderJob job =
        job("'seed': 1, 'scheduler': {'name': 'EulerDiscreteScheduler', 'sigma_min': null}");
    assertThat(Requests.scheduler(job.sampling().scheduler()))
        .containsAllEntriesOf(none)
        .containsEntry("name", "EulerDiscreteScheduler");
    assertThat(pictures(render(job)).get(0)).isEqualTo(pictures(render(job("'seed': 1"))).get(0));
  }

  @Test
  void initImageGivesThePictureItsSizeAndItsColours(@TempDir Path folder) throws IOException {
    Path blue = picture(folder.resolve("blue.png"), 90, 72, 0, 0, 255);
    RenderJob job =
        withoutSize("'seed': 1, 'strength': 0.5, 'image': '" + blue.toAbsolutePath() + "'");
    Picture changed = ((Output.Image) render(job).outputs().get(0)).picture();
    assertThat(changed.width()).isEqualTo(88);
    assertThat(changed.height()).isEqualTo(72);
    assertThat(mean(changed, 2)).isGreaterThan(mean(changed, 0));
  }

  @Test
  void pictureTooSmallForASizeIsRefused(@TempDir Path folder) throws IOException {
    Path small = picture(folder.resolve("small.png"), 7, 9, 0, 0, 255);
    assertThatThrownBy(
            () -> render(withoutSize("'seed': 1, 'strength': 0.5, 'image': '" + small + "'")))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessage(
            "$.image: found a picture of 7 x 9, allowed are at least 8 x 8, or a job with height"
                + " and width");
  }

  @Test
  void inpaintingIsToldOfImageAndMask(@TempDir Path folder) throws IOException {
    Path blue = picture(folder.resolve("blue.png"), 64, 64, 0, 0, 255);
    Path none = picture(folder.resolve("none.png"), 64, 64, 0, 0, 0);
    Path all = picture(folder.resolve("all.png"), 64, 64, 255, 255, 255);
    String fields = "'seed': 1, 'image': '" + blue + "', 'mask_image': '";
    Picture kept = ((Output.Image) render(job(fields + none + "'")).outputs().get(0)).picture();
    Picture painted = ((Output.Image) render(job(fields + all + "'")).outputs().get(0)).picture();
    assertThat(mean(kept, 2) - mean(kept, 0)).isGreaterThan(mean(painted, 2) - mean(painted, 0));
  }

  @Test
  void maskToCropToMustHaveThePicturesSizeAndIsRefusedBeforeTheFirstStep(@TempDir Path folder)
      throws IOException {
    Path image = picture(folder.resolve("image.png"), 64, 64, 0, 0, 255);
    Path mask = picture(folder.resolve("mask.png"), 72, 64, 255, 255, 255);
    RenderJob job =
        job(
            "'seed': 1, 'padding_mask_crop': 8, 'image': '%s', 'mask_image': '%s'"
                .formatted(image, mask));
    List<Integer> told = new ArrayList<>();
    assertThatThrownBy(() -> RENDERER.render(job, PLAN, (k, n) -> told.add(k)))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessage(
            "padding_mask_crop: the mask is 72 x 64, the picture 64 x 64; both must be of one size");
    assertThat(told).isEmpty();
  }

  @Test
  void refinerWithoutAStepPassesTheLatentsOnAndSaysSo() {
    String trailing =
        "'seed': 1, 'scheduler': {'name': 'EulerDiscreteScheduler', 'timestep_spacing': 'trailing'}";
    String refiner = ", 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.9}";
    RenderResult result = render(job(trailing + refiner));
    RenderJob base = job(trailing + ", 'vae': 'demo-refiner'");
    assertThat(pictures(result).get(0)).isEqualTo(pictures(render(base)).get(0));
    assertThat(result.made().warnings()).singleElement().asString().contains("denoising_start");
  }

  @Test
  void fileThatIsNoPictureIsTheJobsFault(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("x.png"), "no picture");
    assertThatThrownBy(() -> render(withoutSize("'seed': 1, 'image': '" + file + "'")))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("x.png");
  }

  @Test
  void probeComesOut() {
    RENDERER.probe(Optional.empty());
    RENDERER.probe(
        Optional.of(job("'seed': 1, 'refiner': {'model': 'demo-refiner', 'strength': 1}")));
    assertThat(RENDERER.models()).containsExactly("demo", "demo-refiner");
  }

  private static RenderResult render(RenderJob job) {
    return RENDERER.render(job, PLAN, (k, n) -> {});
  }

  private static List<byte[]> pictures(RenderResult result) {
    return result.outputs().stream().map(o -> ((Output.Image) o).picture().rgb()).toList();
  }

  private static RenderJob withoutSize(String fields) {
    String json =
        "{'model': 'demo', 'prompt': 'a red ball', 'num_inference_steps': 4, %s}"
            .formatted(fields)
            .replace('\'', '"');
    return RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
  }

  private static Path picture(Path file, int width, int height, int... colour) throws IOException {
    byte[] rgb = new byte[width * height * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) colour[i % 3];
    }
    return Files.write(file, Png.encode(new Picture(width, height, rgb), Map.of()));
  }

  private static double mean(Picture picture, int channel) {
    long sum = 0;
    for (int i = channel; i < picture.rgb().length; i += 3) {
      sum += picture.rgb()[i] & 0xff;
    }
    return sum * 3.0 / picture.rgb().length;
  }

  private static RenderJob job(String fields) {
    return job("demo", fields);
  }

  private static RenderJob job(String model, String fields) {
    String json =
        ("{'model': '%s', 'prompt': 'a red ball', 'num_inference_steps': 2, 'height': 64,"
                + " 'width': 64, %s}")
            .formatted(model, fields)
            .replace('\'', '"');
    return RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
  }
}
