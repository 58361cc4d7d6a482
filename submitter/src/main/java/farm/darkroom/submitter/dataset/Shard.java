package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import farm.darkroom.common.AtomicFile;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.json.CanonicalJson;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * One tar file of a WebDataset, and what has to be in it.
 *
 * @param entries the jobs that it is for
 * @param samples theirs, as far as the store has records
 */
record Shard(
    Path file, List<BatchManifest.Entry> entries, List<Sample> samples, SortedSet<String> labels) {

  /**
   * Writes the file unless it is already correct. Samples are taken from earlier shards where their
   * bytes match, and also where the store has no valid record of their job.
   *
   * @param old this file and all others, as they were
   * @return whether there was anything to hold
   */
  boolean write(SampleSource source, EarlierShards old, ExportCount count) throws IOException {
    JobsWithoutRecord lost = JobsWithoutRecord.of(entries, samples);
    boolean right = Files.exists(file) && isRight(lost);
    if (right && lost.isEmpty()) {
      count.kept(samples.size());
      return true;
    }
    List<String> carried = old.images(lost);
    if (samples.isEmpty() && carried.isEmpty()) {
      return false;
    }
    if (right && old.holds(file, carried)) {
      count.kept(samples.size());
    } else {
      replace(source, old, carried, count);
    }
    count.kept(carried.size());
    return true;
  }

  private void replace(
      SampleSource source, EarlierShards old, List<String> carried, ExportCount count)
      throws IOException {
    Set<String> ids = Set.copyOf(new BatchManifest(entries).ids());
    AtomicFile.write(
        file,
        out -> {
          write(new TarWriter(out), source, old, carried, count);
          // A disk that is full leaves the old one in its place.
          out.flush();
          old.setAside(file, ids);
        });
  }

  private void write(
      TarWriter tar,
      SampleSource source,
      EarlierShards old,
      List<String> carried,
      ExportCount count)
      throws IOException {
    for (SampleSource.Loaded loaded : source.load(samples, sample -> onDisk(old, sample))) {
      for (TarEntry entry : entries(loaded.sample(), loaded.bytes())) {
        tar.write(entry);
      }
      count.stored(loaded);
    }
    for (String image : carried) {
      for (String name :
          List.of(
              image, EarlierShards.beside(image, ".json"), EarlierShards.beside(image, ".txt"))) {
        tar.write(new TarEntry(name, old.find(name).orElseThrow()));
      }
    }
    tar.finish();
  }

  private static Optional<byte[]> onDisk(EarlierShards old, Sample sample) {
    try {
      return old.find(sample.fileName());
    } catch (IOException e) {
      // What cannot be read is fetched.
      return Optional.empty();
    }
  }

  /** Whether the file contains exactly these samples and rows, besides those of lost jobs. */
  private boolean isRight(JobsWithoutRecord lost) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      TarReader tar = new TarReader(in);
      for (Sample sample : samples) {
        if (!holdsNext(tar, lost, sample)) {
          return false;
        }
      }
      return next(tar, lost).isEmpty();
    }
  }

  private static Optional<TarEntry> next(TarReader tar, JobsWithoutRecord lost) throws IOException {
    Optional<TarEntry> next = tar.next();
    while (next.isPresent() && lost.own(next.get().name())) {
      next = tar.next();
    }
    return next;
  }

  private boolean holdsNext(TarReader tar, JobsWithoutRecord lost, Sample sample)
      throws IOException {
    Optional<TarEntry> image = next(tar, lost);
    if (image.isEmpty() || !SampleSource.isRight(sample, image.get().bytes())) {
      return false;
    }
    List<TarEntry> expected = entries(sample, image.get().bytes());
    return image.get().name().equals(expected.get(0).name())
        && same(tar.next(), expected.get(1))
        && same(tar.next(), expected.get(2));
  }

  private List<TarEntry> entries(Sample sample, byte[] bytes) {
    String row = CanonicalJson.text(Row.of(sample, bytes, labels));
    return List.of(
        new TarEntry(sample.fileName(), bytes),
        new TarEntry(sample.name() + ".json", row.getBytes(UTF_8)),
        new TarEntry(sample.name() + ".txt", sample.job().prompts().prompt().getBytes(UTF_8)));
  }

  private static boolean same(Optional<TarEntry> found, TarEntry expected) {
    return found.isPresent()
        && found.get().name().equals(expected.name())
        && Arrays.equals(found.get().bytes(), expected.bytes());
  }
}
