package farm.darkroom.submitter.dataset;

import static java.nio.charset.StandardCharsets.UTF_8;

import farm.darkroom.common.json.CanonicalJson;
import farm.darkroom.submitter.WholeFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** One tar file of a WebDataset, and what has to be in it. */
record Shard(Path file, List<Sample> samples, SortedSet<String> labels) {

  void write(SampleSource source, ExportCount count) throws IOException {
    if (Files.exists(file) && isRight()) {
      count.kept(samples.size());
      return;
    }
    WholeFile.write(
        file,
        out -> {
          TarWriter tar = new TarWriter(out);
          for (SampleSource.Loaded loaded : source.load(samples, sample -> Optional.empty())) {
            for (TarEntry entry : entries(loaded.sample(), loaded.bytes())) {
              tar.write(entry);
            }
            count.fetched();
          }
          tar.finish();
        });
  }

  /** Whether the file holds these samples with these rows, byte for byte. */
  private boolean isRight() throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      TarReader tar = new TarReader(in);
      for (Sample sample : samples) {
        if (!holdsNext(tar, sample)) {
          return false;
        }
      }
      return tar.next().isEmpty();
    }
  }

  private boolean holdsNext(TarReader tar, Sample sample) throws IOException {
    Optional<TarEntry> image = tar.next();
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
