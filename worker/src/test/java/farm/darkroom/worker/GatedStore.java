package farm.darkroom.worker;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.WrappedResultStore;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A store that takes no object while its gate is shut: whoever puts one waits, or fails.
 * Thread-safe.
 */
final class GatedStore extends WrappedResultStore {
  private final Deque<Throwable> failures = new ArrayDeque<>();
  private boolean shut;
  private boolean away;
  private int waiting;

  GatedStore(ResultStore store) {
    super(store);
  }

  synchronized void shut() {
    shut = true;
  }

  synchronized void open() {
    shut = false;
    away = false;
    notifyAll();
  }

  /** From now on puts fail as in an outage. */
  synchronized void away() {
    away = true;
  }

  /** The next put fails so. */
  synchronized void failNext(Throwable failure) {
    failures.add(failure);
  }

  /** How many puts wait for the gate. */
  synchronized int waiting() {
    return waiting;
  }

  @Override
  public Put putIfAbsent(String key, byte[] bytes, String contentType) {
    pass();
    return super.putIfAbsent(key, bytes, contentType);
  }

  private synchronized void pass() {
    waiting++;
    try {
      while (shut) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      waiting--;
    }
    fail();
  }

  private void fail() {
    if (away) {
      throw new FarmException(FailureKind.STORE_UNAVAILABLE, "store is away");
    }
    if (failures.peek() instanceof Error) {
      throw (Error) failures.remove();
    }
    if (!failures.isEmpty()) {
      throw (RuntimeException) failures.remove();
    }
  }
}
