package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.sdxl.pipeline.Denoising;
import farm.darkroom.sdxl.pipeline.DenoisingBatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * Takes images through one model: all start, images that can share a forward pass go through it
 * together, and all end. Not thread-safe.
 */
final class ModelPass {
  private static final double NANOS = 1e9;
  private final LongSupplier nanos;
  private final Previews previews;
  private final Function<ImageRun, Denoising> start;
  private final BiConsumer<ImageRun, Denoising> end;
  private final Map<Denoising, ImageRun> images = new LinkedHashMap<>();

  /**
   * @param nanos a monotonic clock, in nanoseconds
   * @param start gives an image's loop
   * @param end takes what a loop left
   */
  ModelPass(
      LongSupplier nanos,
      Previews previews,
      Function<ImageRun, Denoising> start,
      BiConsumer<ImageRun, Denoising> end) {
    this.nanos = requireNonNull(nanos, "nanos");
    this.previews = requireNonNull(previews, "previews");
    this.start = requireNonNull(start, "start");
    this.end = requireNonNull(end, "end");
  }

  void take(List<ImageRun> all) {
    try {
      all.forEach(image -> image.job().attempt(() -> begin(image)));
      groups().forEach(this::denoise);
      images.forEach((run, image) -> image.job().attempt(() -> end.accept(image, run)));
    } finally {
      images.keySet().forEach(Denoising::close);
      images.clear();
    }
  }

  private void begin(ImageRun image) {
    Denoising run = start.apply(image);
    images.put(run, image);
    image.begin(run);
  }

  private List<List<Denoising>> groups() {
    List<List<Denoising>> groups = new ArrayList<>();
    for (Denoising run : images.keySet()) {
      groups.stream()
          .filter(group -> group.get(0).canBatchWith(run))
          .findFirst()
          .ifPresentOrElse(
              group -> group.add(run), () -> groups.add(new ArrayList<>(List.of(run))));
    }
    return groups;
  }

  private void denoise(List<Denoising> group) {
    try (DenoisingBatch batch = new DenoisingBatch(group)) {
      dropFailed(batch);
      while (batch.hasNext()) {
        List<Denoising> rows = batch.rows();
        List<Denoising> shown =
            rows.stream().filter(firstOfEachJob()).filter(this::wantsPreview).toList();
        rows.forEach(row -> row.keepClean(shown.contains(row)));
        double seconds = step(batch, rows);
        for (Denoising row : rows) {
          JobRun job = images.get(row).job();
          job.times().add("denoise", seconds / rows.size());
          job.attempt(job.steps()::step);
        }
        shown.forEach(this::show);
        dropFailed(batch);
      }
    }
  }

  private Predicate<Denoising> firstOfEachJob() {
    Set<JobRun> jobs = new HashSet<>();
    return row -> jobs.add(images.get(row).job());
  }

  private boolean wantsPreview(Denoising row) {
    return Previews.areWanted(images.get(row).job().watch(), row.done() + 1);
  }

  private void show(Denoising row) {
    JobRun job = images.get(row).job();
    if (!job.failed()) {
      job.times().time("preview", () -> previews.show(row, job.watch()));
    }
  }

  /** Does one step of all loops; a failure counts for each of their jobs. */
  private double step(DenoisingBatch batch, List<Denoising> rows) {
    long begun = nanos.getAsLong();
    try {
      batch.next();
    } catch (RuntimeException e) {
      for (Denoising row : rows) {
        images
            .get(row)
            .job()
            .attempt(
                () -> {
                  throw e;
                });
      }
    }
    rows.forEach(row -> images.get(row).job().sharedPassWith(rows.size()));
    return (nanos.getAsLong() - begun) / NANOS;
  }

  private void dropFailed(DenoisingBatch batch) {
    for (Denoising row : batch.rows()) {
      if (images.get(row).job().failed()) {
        batch.remove(row);
      }
    }
  }
}
