package farm.darkroom.submitter.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.submitter.dataset.FinishedBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private final FinishedBatch batch = new FinishedBatch();
  private final Results results = new Results(batch.store);

  @Test
  void aRecordIsThatOfItsJob() throws IOException {
    RenderRecord record = add(1);
    assertThat(results.find(record.id()).orElseThrow().record()).isEqualTo(record);
  }

  @Test
  void theRecordOfAnotherJobIsNoResult() throws IOException {
    RenderRecord other = add(2);
    JobId id = new JobId("1".repeat(26));
    put(id, other.toJson());
    assertThatThrownBy(() -> results.find(id))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("record.json is that of another job, " + other.id());
  }

  @Test
  void aRecordThatIsCutOffIsNamed() throws IOException {
    byte[] json = add(3).toJson();
    JobId id = new JobId("2".repeat(26));
    put(id, Arrays.copyOf(json, json.length / 2));
    assertThatThrownBy(() -> results.find(id))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("jobs/" + id + "/record.json is damaged: not JSON");
  }

  @Test
  void whatIsWholeOfAJobComesAndTheRestIsNamed(@TempDir Path folder) throws IOException {
    RenderRecord record =
        batch.add(
            "{'model':'demo','prompt':'a cube','seed':4,'num_images_per_prompt':3}", Map.of());
    String gone = record.images().get(0).key();
    String other = record.images().get(1).key();
    batch.store.delete(gone);
    batch.store.delete(other);
    batch.store.putIfAbsent(other, new byte[] {1}, "image/png");
    Results.Download download = results.download(results.find(record.id()).orElseThrow(), folder);
    assertThat(download.files())
        .containsExactly(folder.resolve("2.png"), folder.resolve("record.json"))
        .allMatch(Files::exists);
    assertThat(download.damage()).hasSize(2);
    assertThat(download.damage().get(0)).startsWith(gone + " is not in the store");
    assertThat(download.damage().get(1)).startsWith(other + " is not the picture");
  }

  private RenderRecord add(int seed) throws IOException {
    return batch.add("{'model':'demo','prompt':'a cube','seed':%d}".formatted(seed), Map.of());
  }

  private void put(JobId id, byte[] json) {
    batch.store.putIfAbsent(StoreKeys.record(id.text()), json, "application/json");
  }
}
