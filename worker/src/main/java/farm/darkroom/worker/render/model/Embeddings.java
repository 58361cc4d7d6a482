package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.WeightFile;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.inventory.FileVersions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The embeddings of the last job that had any, so that jobs in a row with the same ones share what
 * the pipeline makes of them. For one thread.
 */
final class Embeddings {
  private static final Open NONE =
      new Open(List.of(), CompletableFuture.completedFuture(List.of()));
  private final Weighing weighing;
  private List<OwnEmbedding> last = List.of();
  private FileVersions versions = FileVersions.of(Stream.empty());
  private Open open = NONE;

  /**
   * Embeddings, mapped.
   *
   * @param weights their files, with hashes
   */
  record Open(List<TextualInversion> inversions, CompletableFuture<List<WeightFile>> weights) {
    Open {
      inversions = List.copyOf(inversions);
      requireNonNull(weights, "weights");
    }
  }

  Embeddings(Weighing weighing) {
    this.weighing = requireNonNull(weighing, "weighing");
  }

  /**
   * A job's embeddings.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB when a file is no SDXL embedding
   */
  Open get(List<OwnEmbedding> wanted) {
    if (wanted.isEmpty()) {
      return NONE;
    }
    FileVersions now = versions(wanted);
    if (!wanted.equals(last) || !now.equals(versions)) {
      open = new Open(open(wanted), weighing.of(wanted));
      last = List.copyOf(wanted);
      versions = now;
    }
    return open;
  }

  private static FileVersions versions(List<OwnEmbedding> words) {
    return FileVersions.of(
        words.stream().map(OwnEmbedding::file).filter(own -> !own.fixed()).map(OwnFile::file));
  }

  /**
   * Embeddings, mapped.
   *
   * @throws farm.darkroom.common.FarmException as {@link #get}
   */
  static List<TextualInversion> open(List<OwnEmbedding> words) {
    return words.stream().map(Embeddings::open).toList();
  }

  private static TextualInversion open(OwnEmbedding own) {
    return EngineFailures.during(
        FailureKind.INVALID_JOB,
        own.file().name(),
        () -> TextualInversion.open(own.file().file(), own.token()));
  }
}
