package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.common.store.WrappedResultStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebDatasetWriterTest {
  private final FinishedBatch batch = new FinishedBatch();
  private final List<String> complaints = new ArrayList<>();
  @TempDir Path folder;

  @Test
  void shardsHoldPicturesRowsAndPrompts() throws IOException {
    for (int seed = 0; seed < 5; seed++) {
      add(seed, Map.of("kind", "k" + seed));
    }
    assertThat(export().samples()).isEqualTo(5);
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
    List<TarEntry> last = entries("train-000002.tar");
    assertThat(last).hasSize(3);
    String name = last.get(0).name().replace(".png", "");
    assertThat(name).matches("[0-9a-z]{26}-0");
    assertThat(last)
        .extracting(TarEntry::name)
        .containsExactly(name + ".png", name + ".json", name + ".txt");
    assertThat(last.get(0).bytes()).isEqualTo(FinishedBatch.png(4));
    assertThat(Json.parse(last.get(1).bytes()).get("kind").asText()).isEqualTo("k4");
    assertThat(new String(last.get(2).bytes(), UTF_8)).isEqualTo("cat 4");
  }

  @Test
  void finishedShardsStayUnfinishedOnesAreRewritten() throws IOException {
    add(0, Map.of());
    add(1, Map.of());
    RenderJob late = batch.submit(json(2), Map.of());
    add(3, Map.of());
    assertThat(export().missing()).isEqualTo(1);
    byte[] first = Files.readAllBytes(folder.resolve("train-000000.tar"));
    batch.finish(late, "png");
    ExportReport second = export();
    assertThat(second.kept()).isEqualTo(3);
    assertThat(second.samples()).isEqualTo(4);
    assertThat(folder.resolve("train-000000.tar")).hasBinaryContent(first);
    assertThat(entries("train-000001.tar")).hasSize(6);
  }

  @Test
  void whatAKilledExportLeftGoes() throws IOException {
    add(0, Map.of());
    Files.createFile(folder.resolve("train-000000.tar.99999999.part"));
    export();
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void sameBatchGivesTheSameBytes() throws IOException {
    add(0, Map.of());
    export();
    byte[] first = Files.readAllBytes(folder.resolve("train-000000.tar"));
    Files.delete(folder.resolve("train-000000.tar"));
    export();
    assertThat(folder.resolve("train-000000.tar")).hasBinaryContent(first);
  }

  @Test
  void damagedShardsAreRewritten() throws IOException {
    add(0, Map.of());
    add(1, Map.of());
    export();
    Path shard = folder.resolve("train-000000.tar");
    byte[] right = Files.readAllBytes(shard);
    for (int length = 0; length < right.length - 1024; length += 300) {
      Files.write(shard, Arrays.copyOf(right, length));
      assertThat(export().samples()).isEqualTo(2);
      assertThat(shard).hasBinaryContent(right);
    }
    byte[] damaged = right.clone();
    damaged[520] ^= 1;
    Files.write(shard, damaged);
    assertThat(export().kept()).isEqualTo(1);
    assertThat(shard).hasBinaryContent(right);
  }

  @Test
  void latentsAreSamplesToo() throws IOException {
    RenderJob latents =
        batch.submit(
            "{'model': 'demo', 'prompt': 'a', 'seed': 1, 'output_type': 'latent'}", Map.of());
    batch.finish(latents, "safetensors");
    assertThat(export().samples()).isEqualTo(1);
    assertThat(entries("train-000000.tar").get(0).name()).endsWith("-0.safetensors");
  }

  @Test
  void damagedSamplesAreNamedAndTheOthersWritten() throws IOException {
    add(0, Map.of());
    RenderRecord damaged = batch.add(json(1), Map.of());
    batch.store.delete(damaged.images().get(0).key());
    add(2, Map.of());
    ExportReport report = export();
    assertThat(report.samples()).isEqualTo(2);
    assertThat(report.damaged()).isEqualTo(1);
    assertThat(complaints).singleElement().asString().contains(damaged.id() + "/0.png is not in");
    assertThat(entries("train-000000.tar")).hasSize(3);
  }

  @Test
  void shardSurvivesLaterDamageOfItsRecords() throws IOException {
    add(0, Map.of());
    RenderRecord damaged = batch.add(json(1), Map.of());
    export();
    byte[] before = Files.readAllBytes(folder.resolve("train-000000.tar"));
    String key = batch.damageRecord(damaged);
    ExportReport second = export();
    assertThat(second.damaged()).isEqualTo(1);
    assertThat(second.samples()).isEqualTo(2);
    assertThat(second.kept()).isEqualTo(2);
    assertThat(complaints).singleElement().asString().startsWith(key + " is damaged: ");
    assertThat(folder.resolve("train-000000.tar")).hasBinaryContent(before);
  }

  @Test
  void growingShardKeepsSamplesDamagedInTheStore() throws IOException {
    RenderRecord noRecord = batch.add(json(0), Map.of());
    RenderRecord noPicture = batch.add(json(1), Map.of());
    RenderJob late = batch.submit(json(2), Map.of());
    export(3);
    List<String> before = texts("train-000000.tar");
    String key = batch.damageRecord(noRecord);
    batch.store.delete(noPicture.images().get(0).key());
    batch.finish(late, "png");
    ExportReport second = export(3);
    assertThat(complaints).singleElement().asString().startsWith(key + " is damaged: ");
    assertThat(second.samples()).isEqualTo(3);
    assertThat(second.kept()).isEqualTo(2);
    assertThat(texts("train-000000.tar")).hasSize(9).containsAll(before);
    byte[] grown = Files.readAllBytes(folder.resolve("train-000000.tar"));
    assertThat(export(3).kept()).isEqualTo(3);
    assertThat(folder.resolve("train-000000.tar")).hasBinaryContent(grown);
    batch.store.delete(key);
    batch.store.putIfAbsent(key, noRecord.toJson(), "application/json");
    assertThat(export(3).kept()).isEqualTo(3);
    assertThat(texts("train-000000.tar")).hasSize(9).startsWith(before.toArray(new String[0]));
  }

  @Test
  void aShardGrowsBesideAJobThatWasDamagedFromTheStart() throws IOException {
    batch.damageRecord(batch.add(json(0), Map.of()));
    RenderJob late = batch.submit(json(1), Map.of());
    add(2, Map.of());
    assertThat(export(3).samples()).isEqualTo(1);
    batch.finish(late, "png");
    assertThat(export(3).samples()).isEqualTo(2);
    assertThat(texts("train-000000.tar")).hasSize(6);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void anotherNumberOfJobsToAShardKeepsWhatIsDamagedInTheStoreSince(int other) throws IOException {
    for (int seed = 0; seed < 5; seed++) {
      add(seed, Map.of());
    }
    export(4);
    List<String> before = allTexts();
    for (BatchManifest.Entry entry : batch.manifest().entries()) {
      batch.store.delete(StoreKeys.record(entry.id().text()));
    }
    assertThat(export(other).kept()).isEqualTo(5);
    assertThat(allTexts()).containsExactlyElementsOf(before);
    assertThat(shards()).hasSize((5 + other - 1) / other);
    assertThat(export(other).kept()).isEqualTo(5);
    assertThat(export(4).kept()).isEqualTo(5);
    assertThat(allTexts()).containsExactlyElementsOf(before);
    assertThat(shards()).containsExactly("train-000000.tar", "train-000001.tar");
  }

  @Test
  void aShardWhoseJobsAreAllDamagedKeepsNoneOfAnotherGrouping() throws IOException {
    add(0, Map.of());
    batch.damageRecord(batch.add(json(1), Map.of()));
    add(2, Map.of());
    add(3, Map.of());
    export(2);
    List<String> before = allTexts();
    export(1);
    assertThat(allTexts()).containsExactlyElementsOf(before);
    assertThat(shards())
        .containsExactly("train-000000.tar", "train-000002.tar", "train-000003.tar");
  }

  @Test
  void exportStoppedWhileRegroupingLosesNothing() throws IOException {
    for (int seed = 0; seed < 40; seed++) {
      add(seed, Map.of());
    }
    export(40);
    List<String> before = allTexts();
    List<String> ids = batch.manifest().ids();
    ids.subList(5, 40).forEach(id -> batch.store.delete(StoreKeys.record(id)));
    WrappedResultStore going =
        new WrappedResultStore(batch.store) {
          @Override
          public Optional<byte[]> get(String key, long most) {
            if (key.equals(StoreKeys.record(ids.get(30)))) {
              throw new FarmException(FailureKind.STORE_UNAVAILABLE, "away");
            }
            return super.get(key, most);
          }
        };
    assertThatThrownBy(
            () ->
                DatasetExport.of(going, "night", complaints::add)
                    .write(new WebDatasetWriter(5), folder))
        .hasMessage("away");
    assertThat(shards()).contains("train-000000.tar", "train-000000.tar.1.earlier");
    export(7);
    assertThat(allTexts()).containsExactlyElementsOf(before);
    assertThat(shards()).hasSize(6).noneMatch(name -> name.endsWith(".earlier"));
  }

  @Test
  void damagedJobThatChangedItsSplitIsMoved() throws IOException {
    for (int seed = 0; seed < 4; seed++) {
      add(seed, Map.of());
    }
    export();
    List<String> before = allTexts();
    FinishedBatch relabelled = new FinishedBatch();
    relabelled.add(json(0), Map.of());
    relabelled.damageRecord(relabelled.add(json(1), Map.of("split", "val")));
    relabelled.damageRecord(relabelled.add(json(2), Map.of()));
    relabelled.damageRecord(relabelled.add(json(3), Map.of("split", "val")));
    for (int again = 0; again < 2; again++) {
      assertThat(export(relabelled).kept()).isEqualTo(4);
      assertThat(shards()).containsExactly("train-000000.tar", "val-000000.tar");
      assertThat(texts("val-000000.tar"))
          .containsExactlyElementsOf(both(before.subList(3, 6), before.subList(9, 12)));
      assertThat(texts("train-000000.tar"))
          .containsExactlyElementsOf(both(before.subList(0, 3), before.subList(6, 9)));
    }
  }

  @Test
  void shardsOfAnEmptiedSplitStayAndAreNamed() throws IOException {
    add(0, Map.of());
    export();
    List<String> before = allTexts();
    FinishedBatch relabelled = new FinishedBatch();
    relabelled.damageRecord(relabelled.add(json(0), Map.of("split", "val")));
    ExportReport report = export(relabelled);
    assertThat(report.kept()).isEqualTo(1);
    assertThat(report.strays()).isEqualTo(1);
    assertThat(complaints)
        .contains(
            folder.resolve("train-000000.tar")
                + " is of no split of this batch any more; remove it");
    assertThat(texts("val-000000.tar")).isEqualTo(before);
    assertThat(texts("train-000000.tar")).isEqualTo(before);
  }

  @Test
  void shardOfAnotherBatchIsSetAsideAndNamed() throws IOException {
    FinishedBatch other = new FinishedBatch();
    other.add(json(7), Map.of());
    DatasetExport.of(other.store, "night", complaints::add).write(new WebDatasetWriter(2), folder);
    byte[] its = Files.readAllBytes(folder.resolve("train-000000.tar"));
    add(0, Map.of());
    assertThatThrownBy(this::export)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("train-000000.tar.1.earlier, which is not of this batch");
    assertThat(folder.resolve("train-000000.tar.1.earlier")).hasBinaryContent(its);
  }

  @Test
  void shardsOfALargerBatchAreNotMixedIn() throws IOException {
    add(0, Map.of());
    Files.write(folder.resolve("train-000007.tar"), new byte[1]);
    assertThatThrownBy(this::export)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("train-000007.tar");
  }

  private void add(int seed, Map<String, String> labels) throws IOException {
    batch.add(json(seed), labels);
  }

  private static String json(int seed) {
    return "{'model': 'demo', 'prompt': 'cat %1$d', 'seed': %1$d}".formatted(seed);
  }

  private ExportReport export() throws IOException {
    return export(2);
  }

  private ExportReport export(int jobsPerShard) throws IOException {
    return DatasetExport.of(batch.store, "night", complaints::add)
        .write(new WebDatasetWriter(jobsPerShard), folder);
  }

  private ExportReport export(FinishedBatch what) throws IOException {
    return DatasetExport.of(what.store, "night", complaints::add)
        .write(new WebDatasetWriter(2), folder);
  }

  private static List<String> both(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private List<String> shards() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> allTexts() throws IOException {
    List<String> all = new ArrayList<>();
    for (String shard : shards()) {
      all.addAll(texts(shard));
    }
    return all;
  }

  private List<String> texts(String shard) throws IOException {
    return entries(shard).stream()
        .map(entry -> entry.name() + " " + Sha256.hex(entry.bytes()))
        .toList();
  }

  private List<TarEntry> entries(String shard) throws IOException {
    List<TarEntry> entries = new ArrayList<>();
    try (InputStream in = Files.newInputStream(folder.resolve(shard))) {
      TarReader tar = new TarReader(in);
      for (Optional<TarEntry> next = tar.next(); next.isPresent(); next = tar.next()) {
        entries.add(next.get());
      }
    }
    return entries;
  }
}
