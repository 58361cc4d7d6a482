package farm.darkroom.worker.stage;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.WrappedResultStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The worker's way to the store for previews alone, which may hang or fail, and lists a strange
 * key.
 */
final class PreviewStore extends WrappedResultStore {
  private static final String STRANGE = "../" + "0".repeat(26) + ".png";
  final CountDownLatch gate = new CountDownLatch(1);
  final AtomicInteger puts = new AtomicInteger();
  final AtomicInteger deletes = new AtomicInteger();
  final AtomicInteger refusals = new AtomicInteger();
  final Set<String> stuck = ConcurrentHashMap.newKeySet();
  volatile boolean shut;
  volatile boolean away;

  PreviewStore(ResultStore store) {
    super(store);
  }

  @Override
  public void put(String key, byte[] bytes, String contentType) {
    puts.incrementAndGet();
    if (shut) {
      pass();
    }
    if (away) {
      throw new FarmException(FailureKind.STORE_UNAVAILABLE, "store is away");
    }
    super.put(key, bytes, contentType);
  }

  @Override
  public List<Entry> list(String prefix) {
    List<Entry> all = new ArrayList<>(super.list(prefix));
    all.add(0, new Entry(prefix + STRANGE, 1));
    return all;
  }

  @Override
  public void delete(String key) {
    if (stuck.contains(key)) {
      refusals.incrementAndGet();
      throw new FarmException(FailureKind.STORE_UNAVAILABLE, "not allowed");
    }
    super.delete(key);
    deletes.incrementAndGet();
  }

  private void pass() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
