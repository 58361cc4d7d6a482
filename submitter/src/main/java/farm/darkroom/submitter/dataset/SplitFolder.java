package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.AtomicFile;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.json.CanonicalJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Writes the folder of one split of an imagefolder. Not thread-safe; for a single use. */
final class SplitFolder {
  private static final String PICTURE = ".png";
  private static final int CHUNK = 1000;

  private final Path place;
  private final Split split;
  private final SampleSource source;
  private final ExportCount count;
  private final Set<String> names = new HashSet<>();
  private final Set<String> lostIds = new HashSet<>();

  SplitFolder(Path place, Split split, SampleSource source, ExportCount count) {
    this.place = requireNonNull(place, "place");
    this.split = requireNonNull(split, "split");
    this.source = requireNonNull(source, "source");
    this.count = requireNonNull(count, "count");
  }

  /**
   * Writes the split's pictures and its {@code metadata.jsonl}.
   *
   * @param batch ids of the jobs of all splits
   * @throws IOException when the disk refuses, or pictures of other jobs lie there
   */
  void write(Set<String> batch) throws IOException {
    AtomicFile.clear(
        place,
        name -> batch.contains(JobsWithoutRecord.jobOf(name)) || name.equals(FolderRow.FILE));
    AtomicFile.write(
        place.resolve(FolderRow.FILE),
        rows -> {
          for (List<BatchManifest.Entry> chunk : Chunks.of(split.entries(), CHUNK)) {
            write(chunk, rows);
          }
          JobsWithoutRecord lost = new JobsWithoutRecord(lostIds);
          keep(lost, rows);
          ForeignFiles.refuse(
              place,
              name -> isPicture(name) && !batch.contains(JobsWithoutRecord.jobOf(name)),
              names);
          reportStrays(lost);
        });
  }

  private void write(List<BatchManifest.Entry> chunk, OutputStream rows) throws IOException {
    List<Sample> samples = source.samples(chunk);
    List<Sample> pictures = samples.stream().filter(Sample::isPicture).toList();
    lostIds.addAll(JobsWithoutRecord.of(chunk, samples).ids());
    pictures.forEach(picture -> names.add(picture.fileName()));
    count.leftOut(samples.size() - pictures.size());
    for (SampleSource.Loaded loaded : source.load(pictures, this::onDisk)) {
      store(loaded);
      rows.write(row(loaded));
    }
  }

  /** Copies the existing rows of lost jobs whose pictures are still in the folder. */
  private void keep(JobsWithoutRecord lost, OutputStream out) throws IOException {
    try (Stream<FolderRow> rows = lost.isEmpty() ? Stream.empty() : FolderRow.all(place)) {
      List<FolderRow> kept =
          rows.filter(row -> lost.own(row.fileName()))
              .filter(row -> Files.isRegularFile(place.resolve(row.fileName())))
              .toList();
      for (FolderRow row : kept) {
        out.write(row.line());
        names.add(row.fileName());
        count.kept(1);
      }
    }
  }

  private void reportStrays(JobsWithoutRecord lost) throws IOException {
    for (String name : ForeignFiles.among(place, SplitFolder::isPicture, names)) {
      count.stray(
          lost.own(name)
              ? "%s has no row, since its job has no sound record".formatted(place.resolve(name))
              : "%s is not of split '%s' any more; remove it"
                  .formatted(place.resolve(name), split.name()));
    }
  }

  private static boolean isPicture(String fileName) {
    return fileName.endsWith(PICTURE);
  }

  private void store(SampleSource.Loaded loaded) throws IOException {
    if (!loaded.kept()) {
      AtomicFile.write(place.resolve(loaded.sample().fileName()), loaded.bytes());
    }
    count.stored(loaded);
  }

  private byte[] row(SampleSource.Loaded loaded) {
    ObjectNode row = Row.of(loaded.sample(), loaded.bytes(), split.labels());
    row.put(FolderRow.NAME, loaded.sample().fileName());
    return (CanonicalJson.text(row) + "\n").getBytes(UTF_8);
  }

  private Optional<byte[]> onDisk(Sample sample) {
    try {
      Path file = place.resolve(sample.fileName());
      return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      // What cannot be read is rewritten, which says why if that fails too.
      return Optional.empty();
    }
  }
}
