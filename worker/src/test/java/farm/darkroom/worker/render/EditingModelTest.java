package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.port.RenderOutcome;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.inventory.InstalledModel;
import farm.darkroom.worker.render.inventory.InstalledModel.Kind;
import farm.darkroom.worker.render.inventory.ModelInventory;
import farm.darkroom.worker.render.inventory.TestFolders;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of 8 channels, beside what GoldenJobsTest holds against diffusers. */
class EditingModelTest {
  private static final String IMAGE =
      "'seed': 1, 'image': '%s'"
          .formatted(Path.of("src/test/resources/goldens/pipeline").resolve("init.png"));
  private static final String EDIT = IMAGE + ", 'image_guidance_scale': 1.5";

  @TempDir static Path models;
  private static SdxlRenderer renderer;

  @BeforeAll
  static void open() throws IOException {
    DemoVariant.editing(models.resolve("editor"), false);
    renderer = TestRenderers.with(models);
  }

  @AfterAll
  static void close() {
    renderer.close();
  }

  @Test
  void pictureIsTheSameUnderEveryPlan() {
    RenderJob job = job("editor", EDIT);
    byte[] resident = render(job, Residency.RESIDENT);
    assertThat(render(job, Residency.MODEL)).isEqualTo(resident);
    assertThat(render(job, Residency.SEQUENTIAL)).isEqualTo(resident);
  }

  @Test
  void editsSideBySideComeToTheirOwnPictures() {
    List<RenderJob> jobs =
        List.of(
            job("editor", EDIT),
            job("editor", EDIT + ", 'guidance_scale': 1"),
            job("editor", IMAGE.replace("init", "mask") + ", 'image_guidance_scale': 3"));
    List<RenderOutcome> outcomes =
        renderer.renderTogether(
            jobs.stream().map(job -> new RenderRequest(job, (done, of) -> {})).toList(),
            RenderPlan.of(Residency.RESIDENT),
            3);
    for (int i = 0; i < jobs.size(); i++) {
      byte[] found = Rendered.bytes(outcomes.get(i).orThrow()).get(0);
      byte[] alone = render(jobs.get(i), Residency.RESIDENT);
      assertThat(Rendered.furthest(found, alone)).as("job %d", i).isLessThan(2);
    }
    assertThat(outcomes)
        .extracting(outcome -> outcome.orThrow().details().microBatch())
        .containsOnly(3);
  }

  @Test
  void whatDoesNotFitTheModelIsRefusedBeforeTheFirstStep() {
    refused(
        job("editor", IMAGE + ", 'strength': 0.6"),
        "the model edits pictures by instruction (8 input channels) and takes nothing else: image and image_guidance_scale, 1.5 for example");
    refused(
        job("demo", EDIT),
        "image_guidance_scale: the model does not edit pictures by instruction (4 input channels, not 8)");
    refused(
        job("demo", "'seed': 1, 'refiner': {'model': 'editor', 'denoising_start': 0.5}"),
        "$.refiner.model: found a model that edits pictures by instruction, which cannot go on from another's picture");
  }

  @Test
  void isListedAndProbedAsWhatItIs() {
    assertThat(new ModelInventory(TestFolders.with(models)).models())
        .extracting(InstalledModel::name, InstalledModel::kind)
        .contains(tuple("editor", Kind.EDITING));
    RenderJob job = job("editor", EDIT);
    renderer.probe(Optional.of(job));
    assertThat(renderer.unmetRequirement(job)).isEmpty();
  }

  private static RenderJob job(String model, String fields) {
    return DemoJobs.job(model, fields);
  }

  private static void refused(RenderJob job, String message) {
    assertThatThrownBy(() -> render(job, Residency.RESIDENT))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessage(message);
  }

  private static byte[] render(RenderJob job, Residency residency) {
    return Rendered.bytes(renderer.render(job, RenderPlan.of(residency), (k, n) -> {})).get(0);
  }
}
