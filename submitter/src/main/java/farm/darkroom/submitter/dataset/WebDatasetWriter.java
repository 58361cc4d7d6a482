package farm.darkroom.submitter.dataset;

import farm.darkroom.common.AtomicFile;
import farm.darkroom.common.job.BatchManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * WebDataset: {@code FOLDER/train-000000.tar} and so on, each with NAME.png (or NAME.safetensors),
 * NAME.json and NAME.txt (the prompt) per sample. A job's shard follows from its place in the
 * batch, so shards that were written stay as they are when later ones are added. Those that are
 * rewritten keep what there was of samples that are damaged in the store since, also where another
 * number of jobs to a shard, or another label, puts them elsewhere.
 */
public final class WebDatasetWriter implements DatasetWriter {
  public static final int DEFAULT_JOBS_PER_SHARD = 1000;

  private final int jobsPerShard;

  public WebDatasetWriter(int jobsPerShard) {
    if (jobsPerShard < 1) {
      throw new IllegalArgumentException("jobs per shard must be at least 1");
    }
    this.jobsPerShard = jobsPerShard;
  }

  @Override
  public void write(Path folder, List<Split> splits, SampleSource source, ExportCount count)
      throws IOException {
    Files.createDirectories(folder);
    EarlierShards old = new EarlierShards(folder, splits);
    AtomicFile.clear(folder, old::isShard);
    Set<String> names = new HashSet<>();
    for (Split split : splits) {
      names.addAll(write(folder, split, source, old, count));
    }
    old.discard(names);
    ForeignFiles.refuse(folder, old::isShard, names);
    for (String name : old.orphaned()) {
      count.stray(
          "%s is of no split of this batch any more; remove it".formatted(folder.resolve(name)));
    }
  }

  /** Writes the shards of one split, and returns their names. */
  private Set<String> write(
      Path folder, Split split, SampleSource source, EarlierShards old, ExportCount count)
      throws IOException {
    Set<String> names = new HashSet<>();
    List<List<BatchManifest.Entry>> chunks = Chunks.of(split.entries(), jobsPerShard);
    for (int i = 0; i < chunks.size(); i++) {
      int before = count.damaged();
      List<Sample> samples = source.samples(chunks.get(i));
      String name = "%s-%06d.tar".formatted(split.name(), i);
      Path file = folder.resolve(name);
      Shard shard = new Shard(file, chunks.get(i), samples, split.labels());
      boolean holds = shard.write(source, old, count);
      Set<String> ids = Set.copyOf(new BatchManifest(chunks.get(i)).ids());
      // One whose jobs are all damaged stays as it was, but for jobs that are in others by now.
      if (holds || (count.damaged() > before && !old.holdsOthers(file, ids))) {
        names.add(name);
      }
    }
    return names;
  }
}
