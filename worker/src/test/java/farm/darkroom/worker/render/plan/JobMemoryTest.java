package farm.darkroom.worker.render.plan;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.worker.render.engine.TestSettings;
import farm.darkroom.worker.render.input.LocalInputs;
import farm.darkroom.worker.render.input.Sources;
import farm.darkroom.worker.render.inventory.TestFolders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobMemoryTest {
  private final JobMemory memory =
      new JobMemory(TestSettings.ONE_THREAD, TestFolders.demo(), new Sources(new LocalInputs()));

  @Test
  void jobsThatDifferInWordsAndSeedAreCountedOnce() {
    assertThat(stages("a red ball", 1, 256)).isSameAs(stages("a blue cube", 2, 256));
  }

  @Test
  void anotherSizeIsCountedAnew() {
    assertThat(stages("a red ball", 1, 256)).isNotEqualTo(stages("a red ball", 1, 512));
  }

  @Test
  void aPerturbedPredictionIsCountedLikeAnother() {
    long alone = denoising("'guidance_scale': 1");
    long guided = denoising("'guidance_scale': 5");
    assertThat(denoising("'guidance_scale': 1, 'pag_scale': 3")).isEqualTo(guided);
    assertThat(denoising("'guidance_scale': 5, 'pag_scale': 3"))
        .isGreaterThan(guided + (guided - alone) / 2);
  }

  @Test
  void anEditIsThreePredictions() {
    String edit = "'image': 'a.png', 'image_guidance_scale': %s, 'height': 128, 'width': 128";
    assertThat(denoising(edit.formatted(1.5)))
        .isEqualTo(denoising("'guidance_scale': 5, 'pag_scale': 3"));
    assertThat(denoising(edit.formatted(0.5))).isEqualTo(denoising("'guidance_scale': 1"));
  }

  private long denoising(String fields) {
    String json = "{'model': 'demo', 'prompt': 'a red ball', 'seed': 1, %s}".formatted(fields);
    RenderJob job = RenderJob.fromJson(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    List<StageMemory> stages =
        memory.of(job, new JobMemory.Variant(1, false)).ways().get(0).models().get(0);
    return stages.stream()
        .filter(stage -> stage.name().equals("denoise"))
        .findFirst()
        .orElseThrow()
        .tensors();
  }

  private List<StageMemory> stages(String prompt, int seed, int side) {
    RenderJob job =
        RenderJob.fromJson(
            "{\"model\": \"demo\", \"prompt\": \"%s\", \"seed\": %d, \"height\": %d, \"width\": %d}"
                .formatted(prompt, seed, side, side)
                .getBytes(StandardCharsets.UTF_8));
    JobMemory.Need need = memory.of(job, new JobMemory.Variant(1, false));
    return need.ways().get(0).models().get(0);
  }
}
