package farm.darkroom.common.store;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * A store with another one inside, for tests that look at, or change, one of its calls. The other
 * stays open.
 */
public class WrappedResultStore implements ResultStore {
  private final ResultStore store;

  protected WrappedResultStore(ResultStore store) {
    this.store = requireNonNull(store, "store");
  }

  @Override
  public Put putIfAbsent(String key, byte[] bytes, String contentType) {
    return store.putIfAbsent(key, bytes, contentType);
  }

  @Override
  public void put(String key, byte[] bytes, String contentType) {
    store.put(key, bytes, contentType);
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    return store.get(key, maxBytes);
  }

  @Override
  public boolean exists(String key) {
    return store.exists(key);
  }

  @Override
  public List<Entry> list(String prefix) {
    return store.list(prefix);
  }

  @Override
  public void delete(String key) {
    store.delete(key);
  }

  @Override
  public void close() {}
}
