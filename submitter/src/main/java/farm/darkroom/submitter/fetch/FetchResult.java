package farm.darkroom.submitter.fetch;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The outcome of fetching one of many results.
 *
 * @param found empty where there is none, or a damaged one
 * @param damage what is wrong with it, in one line
 */
public record FetchResult<T>(Optional<T> found, Optional<String> damage) {

  /**
   * Takes damage for what concerns this result alone.
   *
   * @throws FarmException STORE_UNAVAILABLE, which concerns all of them
   */
  public static <T> FetchResult<T> of(Supplier<Optional<T>> reading) {
    try {
      return new FetchResult<>(reading.get(), Optional.empty());
    } catch (FarmException e) {
      if (e.kind() != FailureKind.RENDER_FAILED) {
        throw e;
      }
      return new FetchResult<>(Optional.empty(), Optional.of(e.getMessage()));
    }
  }
}
