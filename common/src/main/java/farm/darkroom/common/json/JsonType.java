package farm.darkroom.common.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.function.Function;

/** Reads one kind of JSON value; a value that does not fit becomes a problem with its path. */
@FunctionalInterface
public interface JsonType<T> {

  /**
   * Reads one value.
   *
   * @param value not null and not JSON null
   * @return empty if and only if a problem was added
   */
  Optional<T> read(JsonNode value, String path, Problems problems);

  /**
   * Reads a whole document.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB with every problem, its path first
   */
  default T require(JsonNode document) {
    Problems problems = new Problems();
    Optional<T> read = read(document, "$", problems);
    problems.throwIfAny();
    return read.orElseThrow();
  }

  /** Turns what was read into {@code U}; {@code make} must accept every value of this type. */
  default <U> JsonType<U> as(Function<T, U> make) {
    return (value, path, problems) -> read(value, path, problems).map(make);
  }

  /** Refuses what {@code complaint} finds wrong with a value that was read. */
  default JsonType<T> refuse(Function<T, Optional<String>> complaint) {
    return (value, path, problems) -> {
      Optional<T> read = read(value, path, problems);
      Optional<String> wrong = read.flatMap(complaint);
      wrong.ifPresent(text -> problems.add(path, text));
      return wrong.isPresent() ? Optional.empty() : read;
    };
  }
}
