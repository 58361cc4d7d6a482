package farm.darkroom.common.store;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A store in memory that can be told to fail. One instance is one writer; {@link #anotherWriter}
 * shares its objects and its faults. Thread-safe.
 */
public final class InMemoryResultStore implements ResultStore {
  private final InMemoryObjects objects;
  private final StoreFaults faults;
  private final Object writer = new Object();

  public InMemoryResultStore() {
    this(new InMemoryObjects(), new StoreFaults());
  }

  private InMemoryResultStore(InMemoryObjects objects, StoreFaults faults) {
    this.objects = objects;
    this.faults = faults;
  }

  public InMemoryResultStore anotherWriter() {
    return new InMemoryResultStore(objects, faults);
  }

  /** The switches that make calls fail, hang or lose their answer. */
  public StoreFaults faults() {
    return faults;
  }

  @Override
  public Put putIfAbsent(String key, byte[] bytes, String contentType) {
    StoreKeys.check(key);
    return faults.around("put " + key, () -> create(key, bytes));
  }

  private Put create(String key, byte[] bytes) {
    InMemoryObjects.Stored mine = new InMemoryObjects.Stored(bytes.clone(), writer);
    InMemoryObjects.Stored there = objects.putIfAbsent(key, mine);
    boolean own =
        there == null || (there.writer() == writer && Arrays.equals(there.bytes(), bytes));
    return own ? Put.CREATED : Put.EXISTS;
  }

  @Override
  public void put(String key, byte[] bytes, String contentType) {
    if (StoreKeys.check(key).startsWith("jobs/")) {
      throw new IllegalArgumentException("objects under jobs/ are immutable: " + key);
    }
    faults.around(
        "put " + key, () -> objects.put(key, new InMemoryObjects.Stored(bytes.clone(), writer)));
  }

  @Override
  public Optional<byte[]> get(String key, long maxBytes) {
    StoreKeys.check(key);
    Optional<byte[]> found = faults.around("get " + key, () -> objects.get(key));
    if (found.isPresent() && found.get().length > maxBytes) {
      throw FarmException.invalidJob("%s is larger than %d bytes".formatted(key, maxBytes));
    }
    return found.map(byte[]::clone);
  }

  @Override
  public boolean exists(String key) {
    StoreKeys.check(key);
    return faults.around("look for " + key, () -> objects.get(key).isPresent());
  }

  @Override
  public List<Entry> list(String prefix) {
    return faults.around("list " + prefix, () -> objects.list(prefix));
  }

  @Override
  public void delete(String key) {
    StoreKeys.check(key);
    faults.around("delete " + key, () -> objects.remove(key));
  }

  @Override
  public void close() {}

  static FarmException unavailable(String what, String reason) {
    return new FarmException(
        FailureKind.STORE_UNAVAILABLE, "store in memory: cannot %s: %s".formatted(what, reason));
  }
}
