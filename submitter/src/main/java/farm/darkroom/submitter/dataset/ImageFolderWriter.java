package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.WholeFile;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.common.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Hugging Face's {@code imagefolder}: {@code FOLDER/train/NAME.png} and {@code
 * FOLDER/train/metadata.jsonl}, a folder per split. {@code metadata.jsonl} comes last, so it names
 * only pictures that are there; those of jobs whose record is damaged since stay, with their rows.
 * Pictures of the batch that have no row, or are of another split by now, stay and are named.
 * Latents are left out.
 */
public final class ImageFolderWriter implements DatasetWriter {
  private static final String METADATA = "metadata.jsonl";
  private static final int CHUNK = 1000;

  @Override
  public void write(Path folder, Split split, SampleSource source, ExportCount count)
      throws IOException {
    Path place = folder.resolve(split.name());
    WholeFile.write(place.resolve(METADATA), rows -> write(place, split, source, count, rows));
  }

  private static void write(
      Path place, Split split, SampleSource source, ExportCount count, OutputStream rows)
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
    for (String row : rowsOf(lost, place)) {
      rows.write((row + "\n").getBytes(UTF_8));
      names.add(nameIn(row));
      count.kept(1);
    }
    LostJobs batch = new LostJobs(split.batch());
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
  private static List<String> rowsOf(LostJobs lost, Path place) throws IOException {
    Path metadata = place.resolve(METADATA);
    if (lost.isEmpty() || !Files.exists(metadata)) {
      return List.of();
    }
    try (BufferedReader rows =
        new BufferedReader(new InputStreamReader(Files.newInputStream(metadata), UTF_8))) {
      return rows.lines().filter(row -> isOf(lost, place, row)).toList();
    }
  }

  private static boolean isOf(LostJobs lost, Path place, String row) {
    try {
      String name = nameIn(row);
      return lost.own(name) && Files.isRegularFile(place.resolve(name));
    } catch (FarmException e) {
      // No row of an export's.
      return false;
    }
  }

  private static String nameIn(String row) {
    return Json.parse(row).path("file_name").asText();
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
