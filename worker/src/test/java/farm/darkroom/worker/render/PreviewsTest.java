package farm.darkroom.worker.render;

import static farm.darkroom.worker.render.PreviewedJobs.PLAN;
import static farm.darkroom.worker.render.PreviewedJobs.job;
import static farm.darkroom.worker.render.PreviewedJobs.renderer;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.vae.BrightTiny;
import farm.darkroom.sdxl.vae.LatentRgb;
import farm.darkroom.sdxl.vae.Size;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.picture.Png;
import farm.darkroom.worker.port.RenderOutcome;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.inventory.ControlNetFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  private static final SdxlRenderer ROUGH = renderer(TestSettings.ONE_THREAD, Optional.empty());
  @TempDir private static Path models;
  private static String tiny;
  private static String net;
  private static SdxlRenderer fine;

  @BeforeAll
  static void open() throws IOException {
    tiny = BrightTiny.write(models.resolve("tiny")).toString();
    net = ControlNetFolder.write(models.resolve("net"), Map.of()).toString();
    fine = renderer(TestSettings.ONE_THREAD, Optional.of(tiny));
  }

  @AfterAll
  static void close() {
    ROUGH.close();
    fine.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'seed': 1",
        "'seed': 1, 'scheduler': 'KDPM2AncestralDiscreteScheduler'",
        "'seed': 1, 'scheduler': 'UniPCMultistepScheduler', 'output_type': 'latent'",
        "'seed': 1, 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.5}",
        "'seed': 1, 'image': '@', 'mask_image': '@', 'strength': 0.9",
        "'seed': 1, 'num_images_per_prompt': 2",
        "'seed': 1, 'controlnet': [{'model': '#', 'image': '@', 'control_guidance_end': 0.5}]"
      })
  void picturesAreTheSameWithPreviews(String fields, @TempDir Path folder) throws IOException {
    Path grey = Files.write(folder.resolve("grey.png"), grey());
    RenderJob job = job(fields.replace("@", grey.toString()).replace("#", net));
    List<byte[]> without = Rendered.bytes(ROUGH.render(job, PLAN, (done, of) -> {}));
    Gallery gallery = new Gallery();
    RenderResult with = fine.render(job, PLAN, gallery);
    assertThat(Rendered.bytes(with)).containsExactlyElementsOf(without);
    assertThat(gallery.shown).isNotEmpty();
    assertThat(with.details().timings().stageSeconds()).containsKey("preview");
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
    byte[] file = Rendered.bytes(ROUGH.render(job, PLAN, gallery)).get(0);
    assertThat(file).isEqualTo(Rendered.bytes(ROUGH.render(job, PLAN, (done, of) -> {})).get(0));
    assertThat(gallery.shown).hasSize(3).allMatch(shown -> shown.width() == 12);
    assertThat(gallery.shown).allMatch(shown -> shown.height() == 8);
    byte[] expected = LatentRgb.raster(Rendered.latents(file), new Size(8, 12)).samples();
    assertThat(Rendered.furthest(gallery.shown.get(2).rgb(), expected)).isLessThan(2);
    assertThat(Rendered.furthest(gallery.shown.get(0).rgb(), expected)).isGreaterThan(8);
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
    List<RenderRequest> requests =
        List.of(
            new RenderRequest(job("'seed': 1, 'num_images_per_prompt': 2"), two),
            new RenderRequest(job("'seed': 5"), one));
    List<RenderOutcome> outcomes = ROUGH.renderTogether(requests, PLAN, 3);
    assertThat(outcomes.get(0).orThrow().details().microBatch()).isEqualTo(3);
    assertThat(two.asked).containsExactly(1, 2, 3, 4);
    assertThat(two.shown).hasSize(3);
    assertThat(one.shown).hasSize(3);
    assertThat(two.shown.get(2).rgb()).isNotEqualTo(one.shown.get(2).rgb());
  }

  private static byte[] grey() {
    byte[] rgb = new byte[96 * 64 * 3];
    Arrays.fill(rgb, (byte) 150);
    return Png.encode(new Picture(96, 64, rgb), Map.of());
  }
}
