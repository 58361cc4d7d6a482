package farm.darkroom.submitter.submit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.RenderJob;
import org.junit.jupiter.api.Test;

class DerivedSeedsTest {
  private final RenderJob cube = job("a cube");
  private final RenderJob ball = job("a ball");

  @Test
  void theSameFileGivesTheSameSeeds() {
    DerivedSeeds first = new DerivedSeeds("night");
    DerivedSeeds second = new DerivedSeeds("night");
    assertThat(second.next(cube)).isEqualTo(first.next(cube)).isBetween(0L, 0xffff_ffffL);
    assertThat(second.next(cube)).isEqualTo(first.next(cube));
  }

  @Test
  void equalJobsInAFileGetDifferentSeeds() {
    DerivedSeeds seeds = new DerivedSeeds("night");
    assertThat(seeds.next(cube)).isNotEqualTo(seeds.next(cube));
  }

  @Test
  void aJobsSeedDependsOnNoOtherJob() {
    long alone = new DerivedSeeds("night").next(cube);
    DerivedSeeds behindABall = new DerivedSeeds("night");
    assertThat(behindABall.next(ball)).isNotEqualTo(alone);
    assertThat(behindABall.next(cube)).isEqualTo(alone);
  }

  @Test
  void anotherBatchGivesOtherSeeds() {
    assertThat(new DerivedSeeds("night").next(cube)).isNotEqualTo(new DerivedSeeds("").next(cube));
  }

  private static RenderJob job(String prompt) {
    return RenderJob.fromJson(
        "{\"model\":\"demo\",\"prompt\":\"%s\"}".formatted(prompt).getBytes(UTF_8));
  }
}
