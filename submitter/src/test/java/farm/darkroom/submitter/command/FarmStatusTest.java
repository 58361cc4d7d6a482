package farm.darkroom.submitter.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.common.job.JobState;
import farm.darkroom.submitter.watch.BatchCounts;
import farm.darkroom.submitter.watch.JobCounts;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FarmStatusTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  private static final JobCounts TWO =
      new JobCounts(Map.of(JobState.QUEUED, 1, JobState.STORED, 1), 0);

  @Test
  void batchesAreListedWithTheirCounts() {
    assertThat(status(2).text().lines())
        .containsSubsequence(
            "batches 2, most recent first:",
            "  b0  2 jobs: 1 queued, 1 stored",
            "  b1  2 jobs: 1 queued, 1 stored",
            "workers none");
    JsonNode batch = status(2).toJson().get("batches").get(1);
    assertThat(batch.get("batch").textValue()).isEqualTo("b1");
    assertThat(batch.get("jobs").intValue()).isEqualTo(2);
    assertThat(batch.at("/states/stored").intValue()).isEqualTo(1);
    assertThat(batch.get("last").textValue()).isEqualTo(NOON.toString());
    assertThat(status(2).toJson().get("more_batches").intValue()).isZero();
  }

  @Test
  void onlyTheLatestBatchesAreListedTheOthersCounted() {
    FarmStatus status = status(1007);
    assertThat(status.text()).contains("  b19  ", "  and 987 more").doesNotContain("  b20  ");
    assertThat(status.toJson().get("batches")).hasSize(1000);
    assertThat(status.toJson().get("more_batches").intValue()).isEqualTo(7);
  }

  @Test
  void statusOfOneBatchListsNoOthers() {
    FarmStatus one =
        new FarmStatus(
            Optional.of("night"),
            TWO,
            List.of(),
            0,
            new WorkerHeartbeats(List.of(), NOON),
            List.of());
    assertThat(one.text()).doesNotContain("batches");
    assertThat(one.toJson().has("batches")).isFalse();
  }

  /** Events can hold any text. */
  @Test
  void aBatchNameCannotSteerTheTerminal() {
    String text =
        status(List.of(new BatchCounts("x\u001b[2J\nworkers none", TWO, Optional.of(NOON)))).text();
    assertThat(text).doesNotContain("\u001b").contains("[2J");
    assertThat(text.lines().filter(line -> line.startsWith("workers none"))).hasSize(1);
  }

  private static FarmStatus status(int batches) {
    return status(
        IntStream.range(0, batches)
            .mapToObj(i -> new BatchCounts("b" + i, TWO, Optional.of(NOON)))
            .toList());
  }

  private static FarmStatus status(List<BatchCounts> all) {
    return new FarmStatus(
        Optional.empty(), TWO, all, 0, new WorkerHeartbeats(List.of(), NOON), List.of());
  }
}
