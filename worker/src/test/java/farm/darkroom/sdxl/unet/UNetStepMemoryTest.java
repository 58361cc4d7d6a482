package farm.darkroom.sdxl.unet;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.sdxl.memory.Ledger;
import java.nio.file.Path;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The walk, held against what torch counted on diffusers' UNet of SDXL base, CFG batch of two.
 * There the text's keys and values are computed in every step, here once per job.
 */
class UNetStepMemoryTest {
  private static final UNetConfig BASE =
      UNetConfig.read(Path.of("src/test/resources/goldens/unet/topology/base.json"));

  @ParameterizedTest
  @CsvSource({"32, 0.856", "64, 3.18", "128, 13.5"})
  void workIsWhatTorchCounts(int side, double expected) {
    double keysAndValues = 2.0 * 2 * 77 * 2 * 2048 * (10 * 640 + 60 * 1280);
    double counted =
        keysAndValues + UNetStepMemory.count(BASE, 2, side, side, 77, ControlViews.NONE).work();
    assertThat(counted / 1e12).isCloseTo(expected, Percentage.withPercentage(1));
  }

  @Test
  void tensorsGrowWithThePictureButTheTextAndTilesStay() {
    long text = 2L * 2 * 77 * (10 * 640 + 60 * 1280);
    long small = UNetStepMemory.count(BASE, 2, 64, 64, 77, ControlViews.NONE).peak() - text;
    long large = UNetStepMemory.count(BASE, 2, 128, 128, 77, ControlViews.NONE).peak() - text;
    assertThat((double) large / small).isBetween(2.8, 4.0);
  }

  @Test
  void withoutGuidanceHalfIsAlive() {
    Ledger one = UNetStepMemory.count(BASE, 1, 128, 128, 77, ControlViews.NONE);
    Ledger two = UNetStepMemory.count(BASE, 2, 128, 128, 77, ControlViews.NONE);
    assertThat(one.peak()).isBetween(two.peak() / 2, two.peak() * 6 / 10);
    assertThat(two.work()).isEqualTo(2 * one.work());
  }

  @Test
  void outputsAndTextOfControlNetsStayForTheStep() {
    long without = UNetStepMemory.count(BASE, 2, 128, 128, 77, ControlViews.NONE).peak();
    long one = UNetStepMemory.count(BASE, 2, 128, 128, 77, new ControlViews(1, 1)).peak();
    long places = 128 * 128;
    long outputs = 3 * 320 * places + (320 + 2 * 640) * places / 4 + (640 + 3 * 1280) * places / 16;
    long keysAndValues = 2 * 77 * (4 * 640 + 30 * 1280);
    long seen = 320 * places;
    assertThat(one - without).isEqualTo(2 * (outputs + keysAndValues) + seen);
    assertThat(UNetStepMemory.count(BASE, 2, 128, 128, 77, new ControlViews(2, 2)).peak() - one)
        .isEqualTo(one - without);
    assertThat(UNetStepMemory.count(BASE, 2, 128, 128, 77, new ControlViews(1, 3)).peak() - one)
        .isEqualTo(2 * seen);
  }

  @Test
  void oddSizesAreWalkedAsTheyAreRendered() {
    assertThat(UNetStepMemory.count(BASE, 2, 65, 67, 77, ControlViews.NONE).peak())
        .isGreaterThan(UNetStepMemory.count(BASE, 2, 64, 64, 77, ControlViews.NONE).peak());
  }
}
