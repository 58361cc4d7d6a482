package farm.darkroom.worker.render;

import static farm.darkroom.worker.render.DemoJobs.job;
import static farm.darkroom.worker.render.DemoJobs.picture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.port.Stop;
import farm.darkroom.worker.port.VaeTiles;
import farm.darkroom.worker.render.engine.TestSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
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
  private static final SdxlRenderer RENDERER = TestRenderers.demo(TestSettings.ONE_THREAD);

  @AfterAll
  static void close() {
    RENDERER.close();
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
    List<byte[]> resident = Rendered.bytes(render(job));
    for (Residency residency : Residency.values()) {
      RenderResult other = RENDERER.render(job, RenderPlan.of(residency), (k, n) -> {});
      assertThat(Rendered.bytes(other)).as(residency.label()).containsExactlyElementsOf(resident);
      assertThat(other.details().plan().residency()).isEqualTo(residency);
      assertThat(other.details().warnings()).isEmpty();
    }
  }

  @Test
  void tilesChangePixelsALittleAndTheRecordSaysSo() {
    RenderJob job = job("'seed': 1");
    RenderResult tiled =
        RENDERER.render(
            job, new RenderPlan(Residency.RESIDENT, VaeTiles.QUARTER, false), (k, n) -> {});
    byte[] exact = Rendered.bytes(render(job)).get(0);
    byte[] found = Rendered.bytes(tiled).get(0);
    assertThat(found).hasSameSizeAs(exact).isNotEqualTo(exact);
    assertThat(tiled.details().warnings())
        .containsExactly(
            "memory was short: the VAE worked in tiles of 32 pixels, which changes pixels a little");
  }

  @Test
  void refinerGoesOnWhereTheBaseStopped() {
    String start = "'seed': 1, 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.5}";
    RenderResult refined = render(job(start));
    assertThat(Rendered.bytes(refined).get(0))
        .isNotEqualTo(Rendered.bytes(render(job("'seed': 1"))).get(0));
    assertThat(refined.details().weights())
        .extracting(WeightFile::model)
        .contains("demo", "demo-refiner");
  }

  /** A base may have rendered for minutes by then. */
  @Test
  void refinerThatCannotStartIsRefusedBeforeTheBaseDoesAStep() {
    List<String> told = new ArrayList<>();
    String lcm = "'scheduler': 'LCM', 'num_inference_steps': 60";
    RenderJob job =
        job("'seed': 1, 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.5, " + lcm + "}");
    assertThatThrownBy(() -> RENDERER.render(job, PLAN, (k, n) -> told.add(k + "/" + n)))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessageContaining("allowed: up to original_inference_steps");
    assertThat(told).isEmpty();
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
    assertThat(Rendered.bytes(render(job("'seed': 1")))).hasSize(1);
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
    assertThat(result.details().weights())
        .extracting(WeightFile::path)
        .contains("unet/diffusion_pytorch_model.safetensors");
    assertThat(result.details().versions()).containsKeys("djl", "libtorch", "java");
    assertThat(result.details().scheduler().name()).isEqualTo("EulerDiscreteScheduler");
    assertThat(result.details().timings().steps()).isEqualTo(2);
    assertThat(result.details().timings().stageSeconds()).containsKeys("text", "denoise", "decode");
  }

  @Test
  void int8StandsInTheRecordAndChangesThePictureALittle() {
    byte[] plain = Rendered.bytes(render(job("'seed': 1"))).get(0);
    try (SdxlRenderer renderer = TestRenderers.demo(TestSettings.ONE_THREAD.quantised("int8"))) {
      RenderResult result = renderer.render(job("'seed': 1"), PLAN, (k, n) -> {});
      assertThat(result.details().dtype()).isEqualTo("float32+int8");
      assertThat(Rendered.bytes(result).get(0)).isNotEqualTo(plain);
    }
  }

  @Test
  void missingModelIsNamedBesideThoseThatAreThere() {
    assertThat(RENDERER.unmetRequirement(job("'seed': 1"))).isEmpty();
    assertThat(RENDERER.unmetRequirement(job("foo", "'seed': 1")))
        .contains(
            "model foo is not installed here; installed: demo, demo-refiner;"
                + " 'darkroom model pull ORG/NAME' downloads others");
    assertThat(
            RENDERER
                .unmetRequirement(job("'seed': 1, 'refiner': {'model': 'bar', 'strength': 1}"))
                .orElseThrow())
        .startsWith("model bar");
  }

  @Test
  void ownVaeIsUsedAndStandsInTheRecord() {
    RenderJob own = job("'seed': 1, 'vae': 'demo-refiner'");
    assertThat(RENDERER.unmetRequirement(own)).isEmpty();
    RenderResult result = render(own);
    assertThat(result.details().weights())
        .filteredOn(file -> file.model().equals("demo-refiner"))
        .hasSize(1);
    assertThat(result.details().weights()).hasSize(4);
    assertThat(RENDERER.unmetRequirement(job("'seed': 1, 'vae': 'no-such-vae'")).orElseThrow())
        .contains("vae no-such-vae is not installed here");
  }

  @Test
  void ownVaeIsTheRefinersToo() {
    String refiner = "'refiner': {'model': 'demo-refiner', 'denoising_start': 0.5}";
    RenderResult result = render(job("'seed': 1, 'vae': 'demo', " + refiner));
    assertThat(result.details().weights())
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
    assertThat(Rendered.bytes(render(job)).get(0))
        .isEqualTo(Rendered.bytes(render(job("'seed': 1"))).get(0));
  }

  @Test
  void refinerWithoutAStepPassesTheLatentsOnAndSaysSo() {
    String trailing =
        "'seed': 1, 'scheduler': {'name': 'EulerDiscreteScheduler', 'timestep_spacing': 'trailing'}";
    String refiner = ", 'refiner': {'model': 'demo-refiner', 'denoising_start': 0.9}";
    RenderResult result = render(job(trailing + refiner));
    RenderJob base = job(trailing + ", 'vae': 'demo-refiner'");
    assertThat(Rendered.bytes(result).get(0)).isEqualTo(Rendered.bytes(render(base)).get(0));
    assertThat(result.details().warnings()).singleElement().asString().contains("denoising_start");
  }

  @Test
  void probeRenders() {
    RENDERER.probe(Optional.empty());
    RENDERER.probe(
        Optional.of(job("'seed': 1, 'refiner': {'model': 'demo-refiner', 'strength': 1}")));
    assertThat(RENDERER.models()).containsExactly("demo", "demo-refiner");
  }

  private static RenderResult render(RenderJob job) {
    return RENDERER.render(job, PLAN, (k, n) -> {});
  }
}
