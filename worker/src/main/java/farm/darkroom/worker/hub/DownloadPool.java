package farm.darkroom.worker.hub;

import farm.darkroom.common.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A bounded pool of download threads. Work is submitted by one thread. */
final class DownloadPool implements AutoCloseable {
  private final ExecutorService threads;

  DownloadPool(int size) {
    this.threads = Executors.newFixedThreadPool(size, DaemonThreads.named("pull"));
  }

  /** Runs everything; the first failure cancels the rest and is thrown. */
  void all(List<Runnable> work) {
    CompletionService<Void> done = new ExecutorCompletionService<>(threads);
    List<Future<Void>> begun = new ArrayList<>();
    try {
      work.forEach(piece -> begun.add(done.submit(piece, null)));
      for (int i = 0; i < work.size(); i++) {
        done.take().get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HubException.failed("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } finally {
      begun.forEach(piece -> piece.cancel(true));
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
