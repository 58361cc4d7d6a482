package farm.darkroom.infra.supervisor;

import java.io.IOException;

/** A worker process under supervision, which may end at any time. */
public interface WorkerHandle extends AutoCloseable {
  /** Exit codes above this one stand for signals, such as 137 for SIGKILL. */
  int SIGNAL_EXIT = 128;

  /** Starts worker processes. */
  @FunctionalInterface
  interface Launcher {
    /**
     * Starts a worker.
     *
     * @throws IOException when the process cannot be started
     */
    WorkerHandle start(WorkerSpec spec) throws IOException;
  }

  boolean isAlive();

  /** The exit code of a process that is not alive. */
  int exitCode();

  /** The last line in the log file of a process that has ended; empty if it has no such file. */
  String lastLogLine();

  /** Bounds the files that it writes while it runs, such as its log. */
  void trimFiles();

  /** Asks it to stop, and does not wait. */
  void requestStop();

  /** Asks it to stop, waits for its grace period, and kills it if it still runs. */
  @Override
  void close();
}
