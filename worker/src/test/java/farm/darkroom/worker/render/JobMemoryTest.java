package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.memory.StageMemory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JobMemoryTest {
  private final JobMemory memory =
      new JobMemory(
          TestRenderers.ONE_THREAD,
          TestRenderers.folders(Optional.empty()),
          new Sources(new LocalInputs()));

  @Test
  void jobsThatDifferInWordsAndSeedAreCountedOnce() {
    assertThat(stages("a red ball", 1, 256)).isSameAs(stages("a blue cube", 2, 256));
  }

  @Test
  void anotherSizeIsCountedAnew() {
    assertThat(stages("a red ball", 1, 256)).isNotEqualTo(stages("a red ball", 1, 512));
  }

  private List<StageMemory> stages(String prompt, int seed, int side) {
    RenderJob job =
        RenderJob.fromJson(
            "{\"model\": \"demo\", \"prompt\": \"%s\", \"seed\": %d, \"height\": %d, \"width\": %d}"
                .formatted(prompt, seed, side, side)
                .getBytes(StandardCharsets.UTF_8));
    JobMemory.Need need = memory.of(job, new JobMemory.Manner(1, false));
    return need.ways().get(0).models().get(0);
  }
}
