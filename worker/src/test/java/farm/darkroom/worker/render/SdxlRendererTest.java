package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.worker.Output;
import farm.darkroom.worker.RenderPlan;
import farm.darkroom.worker.RenderResult;
import farm.darkroom.worker.RenderStopped;
import farm.darkroom.worker.Residency;
import farm.darkroom.worker.Stop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The engine behind the port, on the demo model. */
class SdxlRendererTest {
  private static final RenderPlan PLAN = new RenderPlan(Residency.RESIDENT, false);
  private static final SdxlRenderer RENDERER =
      new SdxlRenderer(
          EngineSettings.of(Optional.empty(), Optional.empty(), Optional.of(1), Optional.empty()),
          new ModelFolders(
              Optional.empty(), Optional.of(Path.of("..")), new HubCache(Path.of("no-hub"))),
          new LocalInputs(),
          Clock.systemUTC());

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

  @Test
  void everyPlanGivesTheSamePicture() {
    RenderJob job = job("'seed': 1");
    byte[] resident = pictures(render(job)).get(0);
    for (Residency residency : Residency.values()) {
      RenderResult other = RENDERER.render(job, new RenderPlan(residency, false), (k, n) -> {});
      assertThat(pictures(other).get(0)).as(residency.label()).isEqualTo(resident);
      assertThat(other.made().plan().residency()).isEqualTo(residency);
    }
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
  void missingModelIsNamedBesideThoseThatAreThere() {
    assertThat(RENDERER.lacks(job("'seed': 1"))).isEmpty();
    assertThat(RENDERER.lacks(job("foo", "'seed': 1")))
        .contains("model foo is not installed here; installed: demo, demo-refiner");
    assertThat(RENDERER.lacks(job("'seed': 1, 'refiner': {'model': 'bar'}")).orElseThrow())
        .startsWith("model bar");
  }

  @Test
  void probeComesOut() {
    RENDERER.probe(Optional.empty());
    RENDERER.probe(Optional.of(job("'seed': 1, 'refiner': {'model': 'demo-refiner'}")));
    assertThat(RENDERER.models()).containsExactly("demo", "demo-refiner");
  }

  @Test
  void whatTheEngineCannotDoIsTheJobsFault() {
    assertThatThrownBy(() -> render(job("'seed': 1, 'vae': './x'")))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB));
  }

  private static RenderResult render(RenderJob job) {
    return RENDERER.render(job, PLAN, (k, n) -> {});
  }

  private static List<byte[]> pictures(RenderResult result) {
    return result.outputs().stream().map(o -> ((Output.Image) o).picture().rgb()).toList();
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
