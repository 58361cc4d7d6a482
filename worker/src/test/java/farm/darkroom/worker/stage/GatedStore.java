package farm.darkroom.worker.stage;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.WrappedResultStore;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * A store that takes no object while its gate is shut: whoever puts one waits, or fails. When it is
 * silent, whoever looks for one waits. Thread-safe.
 */
final class GatedStore extends WrappedResultStore {
  private final Deque<Throwable> failures = new ArrayDeque<>();
  private boolean shut;
  private boolean silent;
  private boolean away;
  private int waiting;

  GatedStore(ResultStore store) {
    super(store);
  }

  synchronized void shut() {
    shut = true;
  }

  /** From now on whoever asks what is there waits. */
  synchronized void silence() {
    silent = true;
  }

  synchronized void open() {
    shut = false;
    silent = false;
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

  @Override
  public boolean exists(String key) {
    awaitWhile(() -> silent);
    return super.exists(key);
  }

  private synchronized void pass() {
    waiting++;
    try {
      awaitWhile(() -> shut);
    } finally {
      waiting--;
    }
    fail();
  }

  private synchronized void awaitWhile(BooleanSupplier condition) {
    try {
      while (condition.getAsBoolean()) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
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
