package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.WholeFile;
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

/**
 * Hugging Face's {@code imagefolder}: {@code FOLDER/train/NAME.png} and {@code
 * FOLDER/train/metadata.jsonl}, a folder per split. {@code metadata.jsonl} comes last, so it names
 * only pictures that are there; those of jobs whose record is damaged since stay, with their rows.
 * Pictures that are of another split by now go there too. Where they were they stay and are named,
 * as those of the batch that have no row. Latents are left out.
 */
public final class ImageFolderWriter implements DatasetWriter {
  private static final int CHUNK = 1000;

  @Override
  public void write(Path folder, List<Split> splits, SampleSource source, ExportCount count)
      throws IOException {
    for (Path forsaken : Relabelled.in(folder, splits).carryOver()) {
      count.stray("%s is of no split of this batch any more; remove it".formatted(forsaken));
    }
    LostJobs batch = new LostJobs(Split.byJob(splits).keySet());
    for (Split split : splits) {
      Path place = folder.resolve(split.name());
      WholeFile.write(
          place.resolve(FolderRow.FILE), rows -> write(place, split, batch, source, count, rows));
    }
  }

  private static void write(
      Path place,
      Split split,
      LostJobs batch,
      SampleSource source,
      ExportCount count,
      OutputStream rows)
      throws IOException {
    Set<String> names = new HashSet<>();
    Set<String> lostIds = new HashSet<>();
    for (List<BatchManifest.Entry> chunk : Chunks.of(split.entries(), CHUNK)) {
      List<Sample> samples = source.samples(chunk);
      List<Sample> pictures = samples.stream().filter(Sample::isPicture).toList();
      lostIds.addAll(LostJobs.of(chunk, samples).ids());
      pictures.forEach(picture -> names.add(picture.fileName()));
      count.leftOut(samples.size() - pictures.size());
      for (SampleSource.Loaded loaded : source.load(pictures, sample -> onDisk(place, sample))) {
        store(place, loaded, count);
        rows.write(row(loaded, split));
      }
    }
    LostJobs lost = new LostJobs(lostIds);
    for (FolderRow row : rowsOf(lost, place)) {
      rows.write((row.text() + "\n").getBytes(UTF_8));
      names.add(row.fileName());
      count.kept(1);
    }
    Strangers.refuse(place, name -> name.endsWith(".png") && !batch.own(name), names);
    for (String name : Strangers.among(place, name -> name.endsWith(".png"), names)) {
      count.stray(
          lost.own(name)
              ? "%s has no row, since its job has no sound record".formatted(place.resolve(name))
              : "%s is not of split '%s' any more; remove it"
                  .formatted(place.resolve(name), split.name()));
    }
  }

  /** What {@code metadata.jsonl} says so far of those of these jobs' pictures that are there. */
  private static List<FolderRow> rowsOf(LostJobs lost, Path place) throws IOException {
    try (Stream<FolderRow> rows = lost.isEmpty() ? Stream.empty() : FolderRow.all(place)) {
      return rows.filter(row -> lost.own(row.fileName()))
          .filter(row -> Files.isRegularFile(place.resolve(row.fileName())))
          .toList();
    }
  }

  private static void store(Path place, SampleSource.Loaded loaded, ExportCount count)
      throws IOException {
    if (!loaded.kept()) {
      WholeFile.write(place.resolve(loaded.sample().fileName()), loaded.bytes());
    }
    count.stored(loaded);
  }

  private static byte[] row(SampleSource.Loaded loaded, Split split) {
    ObjectNode row = Row.of(loaded.sample(), loaded.bytes(), split.labels());
    row.put("file_name", loaded.sample().fileName());
    return (CanonicalJson.text(row) + "\n").getBytes(UTF_8);
  }

  private static Optional<byte[]> onDisk(Path place, Sample sample) {
    try {
      Path file = place.resolve(sample.fileName());
      return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    } catch (IOException e) {
      // What cannot be read is written anew, which says why if that fails too.
      return Optional.empty();
    }
  }
}
