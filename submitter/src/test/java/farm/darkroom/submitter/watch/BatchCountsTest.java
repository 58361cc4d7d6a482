package farm.darkroom.submitter.watch;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BatchCountsTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void theBatchThatWasHeardOfLastIsFirst() {
    List<BatchCounts> batches =
        BatchCounts.of(
            List.of(
                event("1", JobState.QUEUED, 10, "night"),
                event("2", JobState.STORED, 70, "night"),
                event("3", JobState.DEAD, 60, "cubes"),
                event("4", JobState.STORED, 90, ""),
                event("5", JobState.STORED, 20, "night")));
    assertThat(batches).extracting(BatchCounts::batch).containsExactly("night", "cubes");
    assertThat(batches.get(0).counts()).hasToString("1 queued, 2 stored");
    assertThat(batches.get(0).last()).contains(NOON.plusSeconds(70));
  }

  private static JobEvent event(String id, JobState state, int second, String batch) {
    return new JobEvent(
        id,
        state,
        NOON.plusSeconds(second),
        Optional.of(batch).filter(name -> !name.isEmpty()),
        Optional.of("w"),
        1,
        Optional.empty(),
        Optional.empty());
  }
}
