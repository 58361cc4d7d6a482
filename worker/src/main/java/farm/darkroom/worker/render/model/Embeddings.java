package farm.darkroom.worker.render.model;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.inventory.FileVersions;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The embeddings of the last job that had any, so that jobs in a row with the same ones share what
 * the pipeline makes of them. Not thread-safe.
 */
final class Embeddings {
  private static final String LABEL = "embeddings";
  private static final Words NONE = new Words(List.of(), PinnedWeights.none());
  private final WeightPinning pinning;
  private Optional<Last> last = Optional.empty();

  private record Last(List<AddedEmbedding> wanted, VersionedResource<Words> open) {}

  /**
   * Embeddings, mapped.
   *
   * @param pinned their files
   */
  record Words(List<TextualInversion> inversions, PinnedWeights pinned)
      implements VersionedResource.Files {
    Words {
      inversions = List.copyOf(inversions);
      requireNonNull(pinned, "pinned");
    }

    @Override
    public void close() {
      pinned.close();
    }
  }

  Embeddings(WeightPinning pinning) {
    this.pinning = requireNonNull(pinning, "pinning");
  }

  /**
   * A job's embeddings.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB when a file is no SDXL embedding
   */
  Words get(List<AddedEmbedding> wanted) {
    if (wanted.isEmpty()) {
      return NONE;
    }
    Supplier<FileVersions> look = () -> versions(wanted);
    VersionedResource<Words> open =
        last.filter(known -> known.wanted().equals(wanted))
            .map(Last::open)
            .filter(known -> !known.isStale(LABEL, look.get()))
            .orElseGet(
                () ->
                    VersionedResource.of(
                        LABEL,
                        FailureKind.INVALID_JOB,
                        look,
                        () -> new Words(open(wanted), pinning.of(wanted))));
    last = Optional.of(new Last(List.copyOf(wanted), open));
    return open.resource();
  }

  private static FileVersions versions(List<AddedEmbedding> words) {
    return FileVersions.of(
        Stream.empty(),
        words.stream().map(AddedEmbedding::file).filter(own -> !own.fixed()).map(AddedFile::file));
  }

  /**
   * Embeddings, mapped.
   *
   * @throws farm.darkroom.common.FarmException as {@link #get}
   */
  static List<TextualInversion> open(List<AddedEmbedding> words) {
    return words.stream().map(Embeddings::open).toList();
  }

  private static TextualInversion open(AddedEmbedding own) {
    return EngineFailures.during(
        FailureKind.INVALID_JOB,
        own.file().name(),
        () -> TextualInversion.open(own.file().file(), own.token()));
  }
}
