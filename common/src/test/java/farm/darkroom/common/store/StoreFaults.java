package farm.darkroom.common.store;

import farm.darkroom.common.FarmException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Switches of {@link InMemoryResultStore}: outages, lost answers, slowness. Thread-safe. */
public final class StoreFaults {
  private final AtomicInteger failing = new AtomicInteger();
  private final AtomicInteger losing = new AtomicInteger();
  private final AtomicInteger held = new AtomicInteger();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** The next {@code calls} calls do nothing and throw STORE_UNAVAILABLE. */
  public void failNext(int calls) {
    failing.set(calls);
  }

  /** The next {@code calls} calls do their work and throw STORE_UNAVAILABLE nevertheless. */
  public void loseNextAnswers(int calls) {
    losing.set(calls);
  }

  /** Calls from now on hang until {@link #release}: a slow store without a clock. */
  public void hold() {
    gate = new CountDownLatch(1);
  }

  public void release() {
    gate.countDown();
  }

  /** How many calls hang now. */
  public int held() {
    return held.get();
  }

  /** Whether faults that were ordered are still to come. */
  public boolean pending() {
    return failing.get() > 0 || losing.get() > 0;
  }

  <T> T around(String what, Supplier<T> call) {
    await(what);
    if (taken(failing)) {
      throw InMemoryResultStore.unavailable(what, "told to fail");
    }
    T answer = call.get();
    if (taken(losing)) {
      throw InMemoryResultStore.unavailable(what, "told to lose the answer");
    }
    return answer;
  }

  private static boolean taken(AtomicInteger left) {
    return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }

  private void await(String what) {
    held.incrementAndGet();
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      FarmException interrupted = InMemoryResultStore.unavailable(what, "interrupted");
      interrupted.initCause(e);
      throw interrupted;
    } finally {
      held.decrementAndGet();
    }
  }
}
