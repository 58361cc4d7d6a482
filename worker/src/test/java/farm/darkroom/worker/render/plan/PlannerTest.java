package farm.darkroom.worker.render.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.sdxl.memory.StageMemory;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.port.VaeTiles;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers in, plans out: a process of 400 MB and a model about the size of SDXL in bfloat16. */
class PlannerTest {
  private static final long MB = 1_000_000;
  private static final Planner.Waste NONE = new Planner.Waste(0, 0);
  private static final Planner PLANNER = new Planner(400 * MB, NONE, NONE, 100);
  private static final List<Residency> ALL = List.of(Residency.values());
  private static final StageMemory TEXT = stage("text", 1600, 300, 50, 20, 0.1e12, 1600);
  private static final StageMemory DENOISE = stage("denoise", 5100, 350, 100, 500, 300e12, 150e3);

  private static final Planner.Footprint WHOLE = way(VaeTiles.WHOLE, 0, 2700);
  private static final Planner.Footprint TILED = way(VaeTiles.FULL, 1024, 1500);
  private static final Planner.Footprint SMALL = way(VaeTiles.HALF, 512, 600);
  private static final List<Planner.Footprint> WAYS = List.of(WHOLE, TILED, SMALL);

  private static StageMemory stage(
      String name,
      long weights,
      long passing,
      long laidOut,
      long tensors,
      double work,
      double streamed) {
    return new StageMemory(
        name, weights * MB, passing * MB, laidOut * MB, tensors * MB, work, streamed * MB);
  }

  private static Planner.Footprint way(VaeTiles tiles, int pixels, long decoding) {
    StageMemory decode = stage("decode", 100, 40, 10, decoding, 10e12, 100);
    return new Planner.Footprint(
        tiles,
        pixels == 0 ? OptionalInt.empty() : OptionalInt.of(pixels),
        List.of(List.of(TEXT, DENOISE, decode)),
        10 * MB);
  }

  /** All weights are 6,800 MB; decoding needs 2,710 beside its weights, denoising 600. */
  @ParameterizedTest
  @CsvSource({
    "20000, resident, 9920",
    "9920, resident, 9920",
    "9919, model, 6110",
    "6110, model, 6110",
    "6109, sequential, 3160",
    "3160, sequential, 3160",
    "3159, 'sequential, VAE in tiles of 1024 pixels', 1960",
    "1959, 'sequential, VAE in tiles of 512 pixels', 1360",
    "1360, 'sequential, VAE in tiles of 512 pixels', 1360"
  })
  void fastestThatFitsIsChosen(long megabytes, String expected, long peak) {
    PlanTable table = PLANNER.table(WAYS, ALL, budget(megabytes));
    assertThat(table.orRefuse().name()).isEqualTo(expected);
    assertThat(table.orRefuse().peakBytes()).isEqualTo(peak * MB);
  }

  @Test
  void belowTheFloorItSaysWhatIsMissing() {
    PlanTable table = PLANNER.table(WAYS, ALL, budget(1000));
    assertThat(table.chosen()).isEmpty();
    assertThatThrownBy(table::orRefuse)
        .isInstanceOfSatisfying(
            FarmException.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.OUT_OF_MEMORY))
        .hasMessage(
            "not enough memory: sequential, VAE in tiles of 512 pixels needs 1.36 GB, there are"
                + " 1.00 GB (the test): 360 MB are missing");
  }

  @Test
  void exactPicturesComeBeforeTilesAndFastOnesFirst() {
    assertThat(PLANNER.table(WAYS, ALL, budget(20_000)).rows())
        .extracting(row -> row.plan().tiles() + " " + row.plan().residency().label())
        .startsWith("WHOLE resident", "WHOLE model", "WHOLE sequential", "FULL resident")
        .hasSize(9);
  }

  @Test
  void slowdownGrowsWithTheWeightsThatCome() {
    List<PlanRow> rows = PLANNER.table(WAYS, ALL, budget(20_000)).rows();
    assertThat(rows.get(0).slowdown()).isEqualTo(1);
    assertThat(rows.get(1).slowdown()).isBetween(1.0, 1.01);
    double work = 310.1e12;
    double uploadedBytes = 100.0 * (1600 + 150e3 + 100) * MB;
    assertThat(rows.get(2).slowdown()).isEqualTo((work + uploadedBytes) / work);
  }

  @Test
  void twoModelsAreThereTogetherOnlyWhereWeightsStay() {
    Planner.Footprint both =
        new Planner.Footprint(
            VaeTiles.WHOLE, OptionalInt.empty(), List.of(List.of(DENOISE), List.of(DENOISE)), 0);
    List<PlanRow> rows = PLANNER.table(List.of(both), ALL, budget(20_000)).rows();
    assertThat(rows)
        .extracting(PlanRow::peakBytes)
        .containsExactly(11_200 * MB, 6_100 * MB, 1_350 * MB);
  }

  @Test
  void whatTheAllocatorHoldsIsBoundedAndLessWhereItIsFrugal() {
    Planner wasteful =
        new Planner(0, new Planner.Waste(2, 1_500 * MB), new Planner.Waste(0.5, 100 * MB), 1);
    Planner.Footprint small =
        new Planner.Footprint(VaeTiles.WHOLE, OptionalInt.empty(), List.of(List.of(DENOISE)), 0);
    assertThat(wasteful.table(List.of(small), ALL, budget(1)).rows())
        .extracting(PlanRow::peakBytes)
        .containsExactly(6_700 * MB, 6_700 * MB, 1_050 * MB);
    Planner.Footprint large =
        new Planner.Footprint(
            VaeTiles.WHOLE,
            OptionalInt.empty(),
            List.of(List.of(stage("decode", 0, 0, 0, 4000, 1, 0))),
            0);
    assertThat(wasteful.table(List.of(large), ALL, budget(1)).rows())
        .extracting(PlanRow::peakBytes)
        .containsExactly(5_500 * MB, 5_500 * MB, 4_100 * MB);
  }

  @Test
  void chosenPlanSaysWhatTheNextBetterWouldNeed() {
    assertThat(PLANNER.table(WAYS, ALL, budget(9000)).why())
        .isEqualTo("model: needs 6.11 GB of 9.00 GB (the test); resident would need 9.92 GB");
    assertThat(PLANNER.table(WAYS, ALL, budget(20_000)).why())
        .isEqualTo("resident: needs 9.92 GB of 20.00 GB (the test)");
  }

  private static Budget budget(long megabytes) {
    return new Budget(megabytes * MB, "the test", true);
  }
}
