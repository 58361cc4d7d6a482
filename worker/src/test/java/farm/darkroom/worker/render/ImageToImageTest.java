package farm.darkroom.worker.render;

import static farm.darkroom.worker.render.DemoJobs.job;
import static farm.darkroom.worker.render.DemoJobs.picture;
import static farm.darkroom.worker.render.DemoJobs.withoutSize;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that bring pictures: what these decide, and which are refused. */
class ImageToImageTest {
  private static final RenderPlan PLAN = RenderPlan.of(Residency.RESIDENT);
  private static final SdxlRenderer RENDERER = TestRenderers.demo(TestSettings.ONE_THREAD);

  @AfterAll
  static void close() {
    RENDERER.close();
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

  /** One that makes each side four times smaller, here of both models. */
  @Test
  void theSizeIsThatOfWholeLatentsOfTheVae(@TempDir Path folder) throws IOException {
    Path blue = picture(folder.resolve("blue.png"), 45, 38, 0, 0, 255);
    Path vae = Path.of("src/test/resources/goldens/vae/short").toAbsolutePath();
    String refined = ", 'refiner': {'model': 'demo-refiner', 'strength': 0.5}";
    String fields = "'seed': 1, 'strength': 0.5, 'image': '%s', 'vae': '%s'".formatted(blue, vae);
    Picture changed =
        ((Output.Image) render(withoutSize(fields + refined)).outputs().get(0)).picture();
    assertThat(changed.width()).isEqualTo(44);
    assertThat(changed.height()).isEqualTo(36);
  }

  @Test
  void pictureTooSmallForASizeIsRefused(@TempDir Path folder) throws IOException {
    Path small = picture(folder.resolve("small.png"), 7, 9, 0, 0, 255);
    assertThatThrownBy(
            () -> render(withoutSize("'seed': 1, 'strength': 0.5, 'image': '" + small + "'")))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessage(
            "$.image: found a picture of 7 x 9, allowed: at least 8 x 8, or a job with height"
                + " and width");
  }

  @Test
  void smallestPictureServesAJobWithASize(@TempDir Path folder) throws IOException {
    Path dot = picture(folder.resolve("dot.png"), 1, 1, 0, 0, 255);
    Picture changed =
        ((Output.Image)
                render(job("'seed': 1, 'strength': 0.5, 'image': '" + dot + "'")).outputs().get(0))
            .picture();
    assertThat(changed.width()).isEqualTo(64);
    assertThat(changed.height()).isEqualTo(64);
    assertThat(mean(changed, 2)).isGreaterThan(mean(changed, 0));
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
  void fileThatIsNoPictureIsTheJobsFault(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("x.png"), "no picture");
    assertThatThrownBy(() -> render(withoutSize("'seed': 1, 'image': '" + file + "'")))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("x.png");
  }

  private static RenderResult render(RenderJob job) {
    return RENDERER.render(job, PLAN, (k, n) -> {});
  }

  private static double mean(Picture picture, int channel) {
    long sum = 0;
    for (int i = channel; i < picture.rgb().length; i += 3) {
      sum += picture.rgb()[i] & 0xff;
    }
    return sum * 3.0 / picture.rgb().length;
  }
}
