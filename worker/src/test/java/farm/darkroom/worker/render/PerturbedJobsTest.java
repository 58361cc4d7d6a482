package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.TestSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Jobs with perturbed attention, beside what GoldenJobsTest holds against diffusers. */
class PerturbedJobsTest {
  private static final SdxlRenderer RENDERER = TestRenderers.demo(TestSettings.ONE_THREAD);

  @AfterAll
  static void close() {
    RENDERER.close();
  }

  @Test
  void latentsAreTheSameUnderEveryPlan() {
    RenderJob job = job("'pag_scale': 3, 'pag_applied_layers': ['mid', 'up']");
    byte[] resident = latents(job, Residency.RESIDENT);
    assertThat(latents(job, Residency.MODEL)).isEqualTo(resident);
    assertThat(latents(job, Residency.SEQUENTIAL)).isEqualTo(resident);
    assertThat(latents(job("'eta': 0"), Residency.RESIDENT)).isNotEqualTo(resident);
  }

  @Test
  void aPatternForNoLayerIsTheJobsFault() {
    RenderJob job = job("'pag_scale': 3, 'pag_applied_layers': ['mid', 'down_blocks.0']");
    assertThatThrownBy(() -> latents(job, Residency.RESIDENT))
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.INVALID_JOB))
        .hasMessage(
            "pag_applied_layers: \"down_blocks.0\" is in the name of no self-attention of the unet, such as down_blocks.1.attentions.0.transformer_blocks.0.attn1");
  }

  private static RenderJob job(String fields) {
    return DemoJobs.job("'seed': 1, 'output_type': 'latent', " + fields);
  }

  private static byte[] latents(RenderJob job, Residency residency) {
    Output output = RENDERER.render(job, RenderPlan.of(residency), (k, n) -> {}).outputs().get(0);
    return ((Output.Latents) output).safetensors();
  }
}
