package farm.darkroom.submitter.dataset;

import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.BatchManifest;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.ParallelFetch;
import farm.darkroom.submitter.fetch.FetchResult;
import farm.darkroom.submitter.fetch.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads a batch's samples from the store, ahead of the writer in a thread of its own. Not
 * thread-safe.
 */
final class SampleSource implements AutoCloseable {
  private final Results results;
  private final ExportCount count;
  private final ParallelFetch fetching = new ParallelFetch();

  SampleSource(ResultStore store, ExportCount count) {
    this.results = new Results(store);
    this.count = count;
  }

  /** A sample with its bytes. {@code kept} says that they were on this machine's disk already. */
  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
  record Loaded(Sample sample, byte[] bytes, boolean kept) {}

  /**
   * Reads the samples of these jobs, in order. Jobs without a record, or with a damaged one, are
   * counted and skipped.
   */
  List<Sample> samples(List<BatchManifest.Entry> entries) {
    List<Sample> samples = new ArrayList<>();
    for (FetchResult<List<Sample>> ofOneJob : fetching.inOrder(entries, this::ofOneJob)) {
      count.jobs(1);
      count.missing(ofOneJob.found().isEmpty() && ofOneJob.damage().isEmpty() ? 1 : 0);
      sound(ofOneJob).forEach(samples::addAll);
    }
    return samples;
  }

  /**
   * Loads the bytes of each sample, in order: from {@code onDisk} if their SHA-256 matches,
   * otherwise from the store. Samples that are damaged there are counted and skipped.
   */
  Iterable<Loaded> load(List<Sample> samples, Function<Sample, Optional<byte[]>> onDisk) {
    Iterable<FetchResult<Loaded>> all =
        fetching.inOrder(
            samples, sample -> FetchResult.of(() -> Optional.of(load(sample, onDisk))));
    return () -> StreamSupport.stream(all.spliterator(), false).flatMap(this::sound).iterator();
  }

  @Override
  public void close() {
    fetching.close();
  }

  static boolean isRight(Sample sample, byte[] bytes) {
    return sample.image().sha256().equals(Sha256.hex(bytes));
  }

  private FetchResult<List<Sample>> ofOneJob(BatchManifest.Entry entry) {
    return FetchResult.of(
        () -> results.find(entry.id()).map(found -> samples(entry, found.record())));
  }

  private <T> Stream<T> sound(FetchResult<T> fetched) {
    fetched.damage().ifPresent(count::damaged);
    return fetched.found().stream();
  }

  private static List<Sample> samples(BatchManifest.Entry entry, RenderRecord record) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < record.images().size(); i++) {
      StoredImage image = record.images().get(i);
      String name = entry.id() + "-" + i;
      samples.add(new Sample(name, entry.id(), record.job().single(i), image, entry.labels()));
    }
    return samples;
  }

  private Loaded load(Sample sample, Function<Sample, Optional<byte[]>> onDisk) {
    Optional<byte[]> there = onDisk.apply(sample).filter(bytes -> isRight(sample, bytes));
    return there
        .map(bytes -> new Loaded(sample, bytes, true))
        .orElseGet(() -> new Loaded(sample, results.bytes(sample.image()), false));
  }
}
