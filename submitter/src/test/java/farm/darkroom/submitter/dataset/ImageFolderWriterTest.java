package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.store.StoreKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderWriterTest {
  private final FinishedBatch batch = new FinishedBatch();
  private final List<String> complaints = new ArrayList<>();
  @TempDir Path folder;

  @Test
  void splitsBecomeFoldersWithPicturesAndRows() throws IOException {
    RenderRecord cat =
        batch.add(
            "{'model': 'demo', 'prompt': 'a cat, \u732b', 'seed': 5, 'num_images_per_prompt': 2}",
            Map.of("kind", "pet"));
    batch.add(
        "{'model': 'demo', 'prompt': 'a dog', 'negative_prompt': 'blur', 'seed': 9}",
        Map.of("split", "test", "text", "mine"));
    ExportReport report = export();
    assertThat(report.samples()).isEqualTo(3);
    assertThat(report.missing()).isZero();
    List<JsonNode> rows = rows("train");
    assertThat(rows).hasSize(2);
    assertThat(rows.get(1).get("file_name").asText()).isEqualTo(cat.id() + "-1.png");
    assertThat(rows.get(1).get("text").asText()).isEqualTo("a cat, \u732b");
    assertThat(rows.get(1).get("seed").asLong()).isEqualTo(6);
    assertThat(rows.get(1).get("width").asInt()).isEqualTo(24);
    assertThat(rows.get(1).get("height").asInt()).isEqualTo(16);
    assertThat(rows.get(1).get("kind").asText()).isEqualTo("pet");
    assertThat(Json.parse(rows.get(1).get("job").asText()).get("seed").asLong()).isEqualTo(6);
    assertThat(folder.resolve("train").resolve(cat.id() + "-1.png"))
        .hasBinaryContent(FinishedBatch.png(6));
    assertThat(rows("test").get(0).get("negative_prompt").asText()).isEqualTo("blur");
    assertThat(rows("test").get(0).get("label_text").asText()).isEqualTo("mine");
  }

  @Test
  void allRowsHaveTheSameColumns() throws IOException {
    batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of("kind", "pet"));
    batch.add("{'model': 'demo', 'prompt': 'b', 'negative_prompt': 'c', 'seed': 2}", Map.of());
    export();
    List<JsonNode> rows = rows("train");
    assertThat(rows.get(1).fieldNames())
        .toIterable()
        .containsExactlyElementsOf(() -> rows.get(0).fieldNames());
    assertThat(rows.get(1).get("kind").isNull()).isTrue();
  }

  @Test
  void laterJobsAreAddedAndEarlierOnesKept() throws IOException {
    RenderJob late = batch.submit("{'model': 'demo', 'prompt': 'late', 'seed': 1}", Map.of());
    batch.add("{'model': 'demo', 'prompt': 'early', 'seed': 2}", Map.of());
    assertThat(export()).extracting(ExportReport::missing).isEqualTo(1);
    assertThat(rows("train")).hasSize(1);
    batch.finish(late, "png");
    ExportReport second = export();
    assertThat(second.missing()).isZero();
    assertThat(second.samples()).isEqualTo(2);
    assertThat(second.kept()).isEqualTo(1);
    assertThat(rows("train").get(0).get("text").asText()).isEqualTo("late");
  }

  @Test
  void whatAKilledExportLeftGoes() throws IOException {
    RenderRecord cat = batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    Path train = Files.createDirectories(folder.resolve("train"));
    for (String name : List.of(cat.id() + "-0.png", "metadata.jsonl")) {
      Files.createFile(train.resolve(name + ".99999999.part"));
    }
    export();
    assertThat(train).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void damagedFileOnTheDiskIsFetchedAgain() throws IOException {
    RenderRecord cat = batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    export();
    Path file = folder.resolve("train").resolve(cat.id() + "-0.png");
    Files.write(file, new byte[10]);
    assertThat(export().kept()).isZero();
    assertThat(file).hasBinaryContent(FinishedBatch.png(1));
  }

  @Test
  void pictureThatDiffersFromItsRecordIsNamedAndTheOthersWritten() throws IOException {
    RenderRecord cat = batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    batch.add("{'model': 'demo', 'prompt': 'b', 'seed': 2}", Map.of());
    StoredImage picture = cat.images().get(0);
    int right = (int) picture.bytes();
    batch.store.delete(picture.key());
    assertThat(complaintsOf(export())).startsWith(picture.key() + " is not in the store");
    batch.store.putIfAbsent(picture.key(), new byte[right], "image/png");
    assertThat(complaintsOf(export())).contains(picture.key(), "SHA-256");
    batch.store.delete(picture.key());
    batch.store.putIfAbsent(picture.key(), new byte[right + 1], "image/png");
    assertThat(complaintsOf(export())).contains(picture.key(), "is larger than");
    assertThat(rows("train")).hasSize(1);
  }

  private String complaintsOf(ExportReport report) {
    assertThat(report.damaged()).isEqualTo(1);
    assertThat(report.samples()).isEqualTo(1);
    assertThat(report.missing()).isZero();
    String line = complaints.get(0);
    complaints.clear();
    return line;
  }

  @Test
  void unreadableRecordIsNamed() throws IOException {
    RenderRecord cat = batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    String key = batch.damageRecord(cat);
    batch.add("{'model': 'demo', 'prompt': 'b', 'seed': 2}", Map.of());
    assertThat(complaintsOf(export()))
        .startsWith(key + " is damaged: ")
        .endsWith("'submit --force --job " + cat.id() + "' renders anew");
  }

  @Test
  void samplesSurviveLaterDamageOfTheirRecord() throws IOException {
    RenderRecord cat =
        batch.add(
            "{'model': 'demo', 'prompt': 'a', 'seed': 1, 'num_images_per_prompt': 2}", Map.of());
    export();
    List<JsonNode> before = rows("train");
    String key = batch.damageRecord(cat);
    batch.add("{'model': 'demo', 'prompt': 'b', 'seed': 2}", Map.of());
    ExportReport second = export();
    assertThat(complaints).singleElement().asString().startsWith(key + " is damaged: ");
    assertThat(second.damaged()).isEqualTo(1);
    assertThat(second.samples()).isEqualTo(3);
    assertThat(second.kept()).isEqualTo(2);
    assertThat(rows("train")).hasSize(3).containsAll(before);
    assertThat(folder.resolve("train").resolve(cat.id() + "-1.png"))
        .hasBinaryContent(FinishedBatch.png(2));
    Files.delete(folder.resolve("train").resolve(cat.id() + "-1.png"));
    export();
    assertThat(rows("train")).hasSize(2).contains(before.get(0));
  }

  @Test
  void pictureDamagedInBothPlacesLosesItsRowOnly() throws IOException {
    RenderRecord cat = batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    export();
    Files.write(folder.resolve("train").resolve(cat.id() + "-0.png"), new byte[10]);
    batch.store.delete(cat.images().get(0).key());
    batch.add("{'model': 'demo', 'prompt': 'b', 'seed': 2}", Map.of());
    assertThat(complaintsOf(export())).startsWith(cat.images().get(0).key());
    assertThat(rows("train"))
        .singleElement()
        .extracting(row -> row.get("text").asText())
        .isEqualTo("b");
  }

  @Test
  void recordOfAnotherJobIsNamed() throws IOException {
    RenderRecord cat = batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    RenderJob dog = batch.submit("{'model': 'demo', 'prompt': 'b', 'seed': 2}", Map.of());
    String key = StoreKeys.record(JobId.of(dog).text());
    batch.store.putIfAbsent(key, cat.toJson(), "application/json");
    assertThat(complaintsOf(export())).contains(key + " is that of another job");
  }

  @Test
  void latentsAreLeftOut() throws IOException {
    RenderJob latents =
        batch.submit(
            "{'model': 'demo', 'prompt': 'a', 'seed': 1, 'output_type': 'latent'}", Map.of());
    batch.finish(latents, "safetensors");
    ExportReport report = export();
    assertThat(report.leftOut()).isEqualTo(1);
    assertThat(report.samples()).isZero();
  }

  @Test
  void picturesOfAnotherDatasetAreNotMixedIn() throws IOException {
    batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    Files.createDirectories(folder.resolve("train"));
    Files.write(folder.resolve("train/holiday.png"), new byte[1]);
    assertThatThrownBy(this::export)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("holiday.png");
  }

  @Test
  void pictureOfAJobThatChangedItsSplitIsNamed() throws IOException {
    String json = "{'model': 'demo', 'prompt': 'a', 'seed': 1}";
    RenderRecord cat = batch.add(json, Map.of());
    batch.add("{'model': 'demo', 'prompt': 'b', 'seed': 2}", Map.of());
    export();
    FinishedBatch relabelled = new FinishedBatch();
    relabelled.add(json, Map.of("split", "test"));
    relabelled.add("{'model': 'demo', 'prompt': 'b', 'seed': 2}", Map.of());
    ExportReport report = export(relabelled);
    assertThat(report.strays()).isEqualTo(1);
    assertThat(complaints)
        .singleElement()
        .asString()
        .contains("train/" + cat.id() + "-0.png is not of split 'train' any more");
    assertThat(rows("test")).hasSize(1);
    assertThat(rows("train")).hasSize(1);
    assertThat(folder.resolve("train").resolve(cat.id() + "-0.png")).exists();
  }

  @Test
  void damagedJobThatChangedItsSplitIsMoved() throws IOException {
    String json = "{'model': 'demo', 'prompt': 'a', 'seed': 1}";
    String other = "{'model': 'demo', 'prompt': 'b', 'seed': 2}";
    RenderRecord cat = batch.add(json, Map.of());
    batch.add(other, Map.of());
    export();
    List<JsonNode> before = rows("train");
    FinishedBatch relabelled = new FinishedBatch();
    relabelled.damageRecord(relabelled.add(json, Map.of("split", "test")));
    relabelled.add(other, Map.of());
    for (int again = 0; again < 2; again++) {
      ExportReport report = export(relabelled);
      assertThat(report.samples()).isEqualTo(2);
      assertThat(report.kept()).isEqualTo(2);
      assertThat(rows("test")).containsExactly(before.get(0));
      assertThat(rows("train")).containsExactly(before.get(1));
      assertThat(folder.resolve("test").resolve(cat.id() + "-0.png"))
          .hasBinaryContent(FinishedBatch.png(1));
    }
  }

  @Test
  void foreignRowsAreIgnored() throws IOException {
    RenderRecord cat = batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    export();
    Path metadata = folder.resolve("train").resolve("metadata.jsonl");
    String row = Files.readString(metadata);
    String astray = row.replace(cat.id() + "-0.png", cat.id() + "-0.png/../../astray.png");
    Files.write(metadata, (row + astray + "no row\n\u00ff\n").getBytes(ISO_8859_1));
    batch.damageRecord(cat);
    assertThat(export().samples()).isEqualTo(1);
    assertThat(metadata).hasContent(row);
  }

  @Test
  void emptiedSplitIsNamed() throws IOException {
    String json = "{'model': 'demo', 'prompt': 'a', 'seed': 1}";
    batch.add(json, Map.of());
    export();
    FinishedBatch relabelled = new FinishedBatch();
    relabelled.damageRecord(relabelled.add(json, Map.of("split", "test")));
    assertThat(export(relabelled).strays()).isEqualTo(1);
    assertThat(complaints.get(0))
        .isEqualTo(folder.resolve("train") + " is of no split of this batch any more; remove it");
    assertThat(rows("test")).isEqualTo(rows("train"));
  }

  @Test
  void exportStoppedWhileMovingJobsLosesNothing() throws IOException {
    String json = "{'model': 'demo', 'prompt': 'a', 'seed': 1}";
    String other = "{'model': 'demo', 'prompt': 'b', 'seed': 2}";
    batch.add(json, Map.of());
    batch.add(other, Map.of());
    export();
    List<JsonNode> before = rows("train");
    FinishedBatch relabelled = new FinishedBatch();
    relabelled.add(other, Map.of());
    relabelled.damageRecord(relabelled.add(json, Map.of("split", "test")));
    Path stranger = folder.resolve("test").resolve("stranger.png");
    Files.createDirectories(stranger.getParent());
    Files.write(stranger, new byte[1]);
    assertThatThrownBy(() -> export(relabelled)).isInstanceOf(IOException.class);
    assertThat(rows("train")).containsExactly(before.get(1));
    Files.delete(stranger);
    assertThat(export(relabelled).samples()).isEqualTo(2);
    assertThat(rows("test")).containsExactly(before.get(0));
  }

  @Test
  void pictureWithoutRowOrRecordStaysAndIsNamed() throws IOException {
    RenderRecord cat = batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    export();
    Files.delete(folder.resolve("train/metadata.jsonl"));
    batch.damageRecord(cat);
    batch.add("{'model': 'demo', 'prompt': 'b', 'seed': 2}", Map.of());
    ExportReport report = export();
    assertThat(report.damaged()).isEqualTo(1);
    assertThat(report.strays()).isEqualTo(1);
    assertThat(complaints).hasSize(2);
    assertThat(complaints.get(1)).contains(cat.id() + "-0.png has no row");
    assertThat(rows("train")).hasSize(1);
  }

  @Test
  void duplicateJobIsOneSample() throws IOException {
    batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of());
    assertThat(export().samples()).isEqualTo(1);
  }

  @Test
  void splitOutsideTheFolderIsRefused() throws IOException {
    batch.add("{'model': 'demo', 'prompt': 'a', 'seed': 1}", Map.of("split", "../x"));
    assertThatThrownBy(this::export).hasMessageContaining("label split: found \"../x\", allowed");
  }

  @Test
  void unknownBatchIsReported() {
    assertThatThrownBy(() -> DatasetExport.of(batch.store, "nowhere", complaints::add))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining("no batch 'nowhere'");
  }

  @Test
  void outageStopsTheExportAndTheNextOneGoesOn() throws IOException {
    for (int seed = 0; seed < 40; seed++) {
      batch.add("{'model': 'demo', 'prompt': 'a', 'seed': " + seed + "}", Map.of());
    }
    DatasetExport export = DatasetExport.of(batch.store, "night", complaints::add);
    batch.store.faults().failNext(1);
    assertThatThrownBy(() -> export.write(new ImageFolderWriter(), folder))
        .isInstanceOf(FarmException.class);
    assertThat(export().samples()).isEqualTo(40);
    try (Stream<Path> files = Files.list(folder.resolve("train"))) {
      assertThat(files).hasSize(41);
    }
  }

  private ExportReport export() throws IOException {
    return export(batch);
  }

  private ExportReport export(FinishedBatch what) throws IOException {
    return DatasetExport.of(what.store, "night", complaints::add)
        .write(new ImageFolderWriter(), folder);
  }

  private List<JsonNode> rows(String split) throws IOException {
    return Files.readAllLines(folder.resolve(split).resolve("metadata.jsonl")).stream()
        .map(Json::parse)
        .toList();
  }
}
