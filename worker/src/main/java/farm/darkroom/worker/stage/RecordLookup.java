package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.lease.OutageRetry;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Stop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;

/**
 * Looks the held job's record up in the store while its render begins. If there is none, the
 * looking thread publishes that the job has started; {@link #settle} and {@link #await} wait for
 * that, and one of them is called before any other event of the job is published. Thread-safe.
 */
final class RecordLookup {
  private final BooleanSupplier again;
  private final Runnable needed;
  private volatile Future<Boolean> stored;

  /**
   * @param stored whether it is there
   * @param again looks once more
   */
  RecordLookup(Future<Boolean> stored, BooleanSupplier again) {
    this(stored, again, () -> {});
  }

  private RecordLookup(Future<Boolean> stored, BooleanSupplier again, Runnable needed) {
    this.stored = requireNonNull(stored, "stored");
    this.again = requireNonNull(again, "again");
    this.needed = requireNonNull(needed, "needed");
  }

  /** Begins to look. */
  static RecordLookup begin(StageContext context, HeldJob held) {
    Background.Work<Boolean> stored =
        context
            .background()
            .begin(() -> announceUnlessStored(context, held, context.isStored(held)));
    String record = StoreKeys.record(held.key());
    return new RecordLookup(
        stored.answer(),
        () -> announceUnlessStored(context, held, context.results().store().exists(record)),
        stored::isNeeded);
  }

  /** A lookup that is complete, for a job already announced as started. */
  static RecordLookup done() {
    return new RecordLookup(CompletableFuture.completedFuture(false), () -> false);
  }

  private static boolean announceUnlessStored(StageContext context, HeldJob held, boolean stored) {
    if (!stored) {
      context.announceStart(held);
    }
    return stored;
  }

  /**
   * Before the render is tried again: where the store did not answer it is asked once more.
   *
   * @throws farm.darkroom.common.FarmException what the store said
   */
  void renew() {
    try {
      if (stored.isDone()) {
        boolean unused = answer();
      }
    } catch (FarmException e) {
      if (!OutageRetry.isOutage(e)) {
        throw e;
      }
      stored = CompletableFuture.completedFuture(again.getAsBoolean());
    }
  }

  /**
   * Waits for the answer.
   *
   * @throws RenderStopped STORED when the job is stored; LEASE_LOST or SHUTDOWN when that came
   *     before the answer
   * @throws farm.darkroom.common.FarmException what the store said
   */
  void settle() {
    needed.run();
    requireNew();
  }

  private void requireNew() {
    if (answer()) {
      throw new RenderStopped(Stop.STORED);
    }
  }

  /** As {@link #settle}, but does not wait: does nothing while there is no answer. */
  void settleIfAnswered() {
    if (stored.isDone()) {
      requireNew();
    }
  }

  /** Waits until the lookup has published its event, whatever the answer is. */
  void await() {
    try {
      boolean unused = answer();
    } catch (RuntimeException | LinkageError | VirtualMachineError e) {
      // What matters of the job now is something else.
    }
  }

  private boolean answer() {
    try {
      return stored.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RenderStopped(Stop.SHUTDOWN);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause();
    }
  }
}
