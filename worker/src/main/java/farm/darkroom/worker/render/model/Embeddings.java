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
 * the pipeline makes of them. For one thread.
 */
final class Embeddings {
  private static final String LABEL = "embeddings";
  private static final Words NONE = new Words(List.of(), Weighed.none());
  private final Weighing weighing;
  private Optional<Last> last = Optional.empty();

  private record Last(List<OwnEmbedding> wanted, Opened<Words> open) {}

  /**
   * Embeddings, mapped.
   *
   * @param weighed their files
   */
  record Words(List<TextualInversion> inversions, Weighed weighed) implements Opened.Files {
    Words {
      inversions = List.copyOf(inversions);
      requireNonNull(weighed, "weighed");
    }

    @Override
    public void close() {
      weighed.close();
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
  Words get(List<OwnEmbedding> wanted) {
    if (wanted.isEmpty()) {
      return NONE;
    }
    Supplier<FileVersions> look = () -> versions(wanted);
    Opened<Words> open =
        last.filter(known -> known.wanted().equals(wanted))
            .map(Last::open)
            .filter(known -> !known.isStale(LABEL, look.get()))
            .orElseGet(
                () ->
                    Opened.of(
                        LABEL,
                        FailureKind.INVALID_JOB,
                        look,
                        () -> new Words(open(wanted), weighing.of(wanted))));
    last = Optional.of(new Last(List.copyOf(wanted), open));
    return open.it();
  }

  private static FileVersions versions(List<OwnEmbedding> words) {
    return FileVersions.of(
        Stream.empty(),
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
