package farm.darkroom.infra.crew;

import java.io.IOException;

/** A running worker of a crew, which may end at any time. */
public interface Member extends AutoCloseable {
  /** Ends of a process by a signal, such as 137 for SIGKILL, are above this code. */
  int BY_SIGNAL = 128;

  /** Starts members. */
  @FunctionalInterface
  interface Recruiting {
    /**
     * Starts whoever is to hold the post.
     *
     * @throws IOException when the process cannot be started
     */
    Member start(WorkerSpec post) throws IOException;
  }

  boolean isAlive();

  /** Of one that is not alive. */
  int exitCode();

  /** Keeps within bounds what it leaves behind while it lives. */
  void tidy();

  /** Tells it to stop, and does not wait. */
  void tell();

  /** Tells it to stop, waits its grace, and ends it when it has not left by then. */
  @Override
  void close();
}
