package farm.darkroom.infra.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a worker process does to itself, and when: {@code KILL:IMAGE_STORED:3} is SIGKILL when it
 * has stored an image for the third time. Thread-safe.
 */
final class Fate {
  private final String signal;
  private final Moment moment;
  private final AtomicInteger left;

  private Fate(String signal, Moment moment, int times) {
    this.signal = signal;
    this.moment = moment;
    this.left = new AtomicInteger(times);
  }

  static Fate parse(String text) {
    String[] parts = text.split(":", -1);
    return new Fate(
        parts[0].toUpperCase(Locale.ROOT), Moment.valueOf(parts[1]), Integer.parseInt(parts[2]));
  }

  /** SIGKILL at the {@code times}th such moment. */
  static String kill(Moment moment, int times) {
    return "KILL:" + moment + ":" + times;
  }

  /** SIGSTOP at the {@code times}th such moment: nothing goes on until somebody sends SIGCONT. */
  static String stop(Moment moment, int times) {
    return "STOP:" + moment + ":" + times;
  }

  /** The calling thread goes no further when this is what it was fated to. */
  void meet(Moment now) {
    if (now == moment && left.decrementAndGet() == 0) {
      send(signal, ProcessHandle.current().pid());
    }
  }

  /** Sends a signal, and returns when it was sent. */
  static void send(String signal, long pid) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start();
      kill.waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
