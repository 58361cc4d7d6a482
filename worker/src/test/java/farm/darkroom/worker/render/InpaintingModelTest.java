package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.inventory.InstalledModel;
import farm.darkroom.worker.render.inventory.InstalledModel.Kind;
import farm.darkroom.worker.render.inventory.ModelInventory;
import farm.darkroom.worker.render.inventory.TestFolders;
import farm.darkroom.worker.render.plan.Planning;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of 9 channels: it sees mask and masked picture. */
class InpaintingModelTest {
  private static final Path GOLDENS = Path.of("src/test/resources/goldens/pipeline");
  private static final String IMAGE = "'image': '%s'".formatted(GOLDENS.resolve("init.png"));
  private static final String MASKED =
      IMAGE + ", 'mask_image': '%s'".formatted(GOLDENS.resolve("mask.png"));
  private static final String REFINED = "'refiner': {'model': '%s', 'denoising_start': 0.5}";

  @TempDir static Path models;
  private static SdxlRenderer renderer;

  @BeforeAll
  static void open() throws IOException {
    DemoVariant.inpainting(models.resolve("painter"));
    renderer = TestRenderers.with(models);
  }

  @AfterAll
  static void close() {
    renderer.close();
  }

  @Test
  void paintsInsideTheMask() {
    Output.Image made = (Output.Image) render(job("painter", MASKED)).get(0);
    assertThat(made.picture().width()).isEqualTo(64);
    render(job("painter", MASKED + ", " + REFINED.formatted("demo-refiner")));
  }

  @Test
  void jobWithoutMaskIsRefusedBeforeTheFirstStep() {
    refused(job("painter", "'eta': 0"), "the model is for inpainting (9 input channels)");
    refused(job("painter", IMAGE), "takes a picture with a mask only: image and mask_image");
  }

  @Test
  void offsetBehindTrainingIsRefusedBeforeTheFirstStep() {
    String offset = "'scheduler': {'name': 'DDIMScheduler', 'steps_offset': 300}";
    refused(job("demo", offset), "DDIMScheduler: steps_offset is 300: the first timestep is 1050");
  }

  @Test
  void refinerIsRefusedBeforeTheFirstStep() {
    refused(
        job("demo", MASKED + ", " + REFINED.formatted("painter")),
        "$.refiner.model: found an inpainting model");
  }

  @Test
  void cropIsNotHandedOver() {
    String crop = MASKED + ", 'padding_mask_crop': 8, ";
    refused(
        job("painter", crop + REFINED.formatted("demo-refiner")),
        "$.refiner.denoising_start: found with padding_mask_crop and an inpainting model");
  }

  /** The crop lies in the job's image by then, which is larger than what was painted. */
  @Test
  void wholePictureBehindACropIsRefined() {
    String refined = MASKED + ", 'refiner': {'model': 'demo-refiner'}";
    RenderJob job = job("demo", refined + ", 'padding_mask_crop': 8");
    Output.Image made = (Output.Image) render(job).get(0);
    assertThat(made.picture().width()).isEqualTo(128);
    assertThat(made.picture().height()).isEqualTo(128);
    assertThat(peak(job)).isGreaterThan(peak(job("demo", refined)));
  }

  private static long peak(RenderJob job) {
    Planning planning =
        new Planning(TestSettings.ONE_THREAD, TestFolders.with(models), new LocalInputs());
    return planning.table(job).rows().get(0).peakBytes();
  }

  @Test
  void isListedAsWhatItIs() {
    assertThat(new ModelInventory(TestFolders.with(models)).models())
        .extracting(InstalledModel::name, InstalledModel::kind)
        .contains(tuple("painter", Kind.INPAINTING));
  }

  @Test
  void probeOfItFindsNoFault() {
    RenderJob job = job("painter", MASKED);
    renderer.probe(Optional.of(job));
    assertThat(renderer.unmetRequirement(job)).isEmpty();
  }

  private static List<Output> render(RenderJob job) {
    return renderer.render(job, RenderPlan.of(Residency.RESIDENT), (k, n) -> {}).outputs();
  }

  private static void refused(RenderJob job, String message) {
    List<Integer> steps = new ArrayList<>();
    assertThatThrownBy(
            () -> renderer.render(job, RenderPlan.of(Residency.RESIDENT), (k, n) -> steps.add(k)))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining(message);
    assertThat(steps).isEmpty();
  }

  private static RenderJob job(String model, String fields) {
    String json =
        ("{'model': '%s', 'prompt': 'a red ball', 'seed': 1, 'num_inference_steps': 4, 'height': 64,"
                + " 'width': 64, %s}")
            .formatted(model, fields)
            .replace('\'', '"');
    return RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
  }
}
