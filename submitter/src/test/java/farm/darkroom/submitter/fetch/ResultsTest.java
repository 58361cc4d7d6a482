package farm.darkroom.submitter.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.submitter.dataset.FinishedBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private final FinishedBatch batch = new FinishedBatch();
  private final Results results = new Results(batch.store);

  @Test
  void recordIsReadForItsJob() throws IOException {
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
  void truncatedRecordIsNamed() throws IOException {
    byte[] json = add(3).toJson();
    JobId id = new JobId("2".repeat(26));
    put(id, Arrays.copyOf(json, json.length / 2));
    assertThatThrownBy(() -> results.find(id))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("jobs/" + id + "/record.json is damaged: not JSON");
  }

  /** Whoever took it for whole would miss a picture and never know. */
  @Test
  void aRecordThatNamesFewerImagesThanTheJobHasIsNoResult() throws IOException {
    RenderRecord record =
        batch.add(
            "{'model':'demo','prompt':'a cube','seed':5,'num_images_per_prompt':2}", Map.of());
    putAnew(with(record, record.images().subList(0, 1)));
    assertDamaged(record.id(), "record.json names 1 image, the job has 2; 'submit --force");
    putAnew(with(record, List.of()));
    assertDamaged(record.id(), "record.json names 0 images, the job has 2");
  }

  @Test
  void aRecordNamesImagesOfItsJobOnceEach() throws IOException {
    RenderRecord record =
        batch.add(
            "{'model':'demo','prompt':'a cube','seed':6,'num_images_per_prompt':2}", Map.of());
    StoredImage first = record.images().get(0);
    putAnew(with(record, List.of(first, first)));
    assertDamaged(record.id(), "record.json names %s twice".formatted(first.key()));
    StoredImage stranger = add(7).images().get(0);
    putAnew(with(record, List.of(first, stranger)));
    assertDamaged(
        record.id(), "record.json names %s, which lies with another job".formatted(stranger.key()));
  }

  @Test
  void aRecordDescribesTheJobWhoseIdItHas() throws IOException {
    RenderRecord record = add(8);
    RenderRecord other = add(9);
    putAnew(
        new RenderRecord(
            record.id(),
            other.job(),
            record.conditions(),
            record.timings(),
            record.images(),
            List.of()));
    assertDamaged(
        record.id(), "record.json has this job's id and describes another job, " + other.id());
  }

  @Test
  void whatAKilledGetLeftGoes(@TempDir Path folder) throws IOException {
    RenderRecord record = add(10);
    Path left = Files.createFile(folder.resolve("0.png.99999999.part"));
    Results.Download unused = results.download(results.find(record.id()).orElseThrow(), folder);
    assertThat(left).doesNotExist();
  }

  @Test
  void intactImagesAreFetchedAndTheRestNamed(@TempDir Path folder) throws IOException {
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

  private static RenderRecord with(RenderRecord record, List<StoredImage> images) {
    return new RenderRecord(
        record.id(), record.job(), record.conditions(), record.timings(), images, List.of());
  }

  private void putAnew(RenderRecord record) {
    batch.store.delete(StoreKeys.record(record.id().text()));
    put(record.id(), record.toJson());
  }

  private void assertDamaged(JobId id, String why) {
    assertThatThrownBy(() -> results.find(id))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(why);
  }

  private void put(JobId id, byte[] json) {
    batch.store.putIfAbsent(StoreKeys.record(id.text()), json, "application/json");
  }
}
