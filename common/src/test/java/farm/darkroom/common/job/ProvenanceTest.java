package farm.darkroom.common.job;

import static farm.darkroom.common.job.RenderJobTest.job;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProvenanceTest {
  private static final String SHA = "0123456789abcdef".repeat(4);
  private static final PixelSize SIZE = new PixelSize(96, 160);

  private static Provenance of(RenderJob job) {
    return new Provenance(
        job, SIZE, SamplerAliases.find("DPM++ 2M SDE Karras").orElseThrow(), Optional.of(SHA));
  }

  @Test
  void parametersReadAsA1111WritesThem() {
    RenderJob job =
        job(
            "'negative_prompt': 'blurry', 'seed': 41, 'num_images_per_prompt': 2,"
                + "'num_inference_steps': 20, 'guidance_scale': 3.5, 'clip_skip': 1");
    assertThat(of(job).parameters(1))
        .isEqualTo(
            "a red cube\nNegative prompt: blurry\n"
                + "Steps: 20, Sampler: DPM++ 2M SDE Karras, CFG scale: 3.5, Seed: 42, Size: 160x96,"
                + " Model hash: 0123456789, Model: demo, Clip skip: 3, Version: darkroom");
  }

  @Test
  void valuesThatWouldBreakTheLineAreQuoted() {
    RenderJob job =
        job(
            "'seed': 1, 'pag_scale': 2.5, 'vae': './my, vae', 'refiner': {'model': 'demo-refiner',"
                + " 'denoising_start': 0.8}");
    assertThat(of(job).parameters(0))
        .contains(
            "VAE: \"./my, vae\", PAG Scale: 2.5, Refiner: demo-refiner, Refiner switch at: 0.8");
  }

  @Test
  void anEditHasAnImageScaleAndNoStrength() {
    assertThat(of(job("'seed': 1, 'image': 'a.png', 'image_guidance_scale': 1.5")).parameters(0))
        .contains("CFG scale: 5, Image CFG scale: 1.5, Seed: 1,")
        .doesNotContain("Denoising strength");
  }

  @Test
  void theJobOfOneImageIsAJobAgain() {
    RenderJob job =
        job(
            "'seed': 5, 'num_images_per_prompt': 3, 'labels': {'a': 'b'}, 'image':"
                + "'s3://bucket/inputs/"
                + SHA
                + "'");
    RenderJob again = RenderJob.fromJson(of(job).jobJson(2).getBytes(UTF_8));
    assertThat(JobId.of(again)).isEqualTo(JobId.of(job.single(2)));
    assertThat(again.labels()).isEmpty();
    assertThat(again.source().orElseThrow().image().key()).contains("inputs/" + SHA);
  }
}
