package farm.darkroom.common.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** What lies in an {@link InMemoryResultStore}. Thread-safe. */
final class InMemoryObjects {
  private static final Comparator<String> KEY_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final NavigableMap<String, Stored> byKey = new ConcurrentSkipListMap<>(KEY_ORDER);

  @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
  record Stored(byte[] bytes, Object writer) {}

  /**
   * Puts an object where none is.
   *
   * @return what was there, or null when {@code stored} was put
   */
  Stored putIfAbsent(String key, Stored stored) {
    return byKey.putIfAbsent(key, stored);
  }

  Stored put(String key, Stored stored) {
    return byKey.put(key, stored);
  }

  Optional<byte[]> get(String key) {
    return Optional.ofNullable(byKey.get(key)).map(Stored::bytes);
  }

  List<ResultStore.Entry> list(String prefix) {
    return byKey.tailMap(prefix, true).entrySet().stream()
        .takeWhile(entry -> entry.getKey().startsWith(prefix))
        .map(entry -> new ResultStore.Entry(entry.getKey(), entry.getValue().bytes().length))
        .toList();
  }

  Stored remove(String key) {
    return byKey.remove(key);
  }
}
