package farm.darkroom.worker.render.model;

import farm.darkroom.common.FailureKind;
import farm.darkroom.sdxl.text.TextualInversion;
import farm.darkroom.worker.render.engine.EngineFailures;
import java.util.List;

/**
 * The embeddings of the last job that had any, so that jobs in a row with the same ones share what
 * the pipeline makes of them. For one thread.
 */
final class Embeddings {
  private List<OwnEmbedding> last = List.of();
  private List<TextualInversion> open = List.of();

  /**
   * A job's embeddings, mapped.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB when a file is no SDXL embedding
   */
  List<TextualInversion> get(List<OwnEmbedding> wanted) {
    if (!wanted.isEmpty() && !wanted.equals(last)) {
      open = wanted.stream().map(Embeddings::open).toList();
      last = List.copyOf(wanted);
    }
    return wanted.isEmpty() ? List.of() : open;
  }

  private static TextualInversion open(OwnEmbedding own) {
    return EngineFailures.during(
        FailureKind.INVALID_JOB,
        own.file().name(),
        () -> TextualInversion.open(own.file().file(), own.token()));
  }
}
