package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Backoff;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Retries calls that may succeed later, a bounded number of times with growing waits.
 *
 * @param hub for messages
 * @param trouble is told why, before each wait
 */
record Retries(HubLimits limits, RetryPause waits, URI hub, Consumer<String> trouble) {

  /** Something that goes over the network. */
  @FunctionalInterface
  interface Attempt<T> {
    T run() throws IOException, RetryLater, InterruptedException;
  }

  Retries {
    requireNonNull(limits, "limits");
    requireNonNull(waits, "waits");
    requireNonNull(hub, "hub");
    requireNonNull(trouble, "trouble");
  }

  /**
   * Tries until there is a result, and returns it.
   *
   * @param what is asked for, for the message
   * @throws HubException when every try failed, with the reason of the last
   */
  <T> T run(String what, Attempt<T> attempt) {
    try {
      for (int failures = 1; ; failures++) {
        try {
          return attempt.run();
        } catch (RetryLater e) {
          pause(what, failures, e.getMessage(), e.asked(), e);
        } catch (IOException e) {
          pause(what, failures, reason(e), Optional.empty(), e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HubException.failed(what + ": interrupted", e);
    }
  }

  private void pause(
      String what, int failures, String why, Optional<Duration> asked, Exception failure)
      throws InterruptedException {
    if (failures >= limits.tries()) {
      throw HubException.failed(
          "%s: %s; gave up after %d %s"
              .formatted(what, why, failures, failures == 1 ? "try" : "tries"),
          failure);
    }
    trouble.accept(what + ": " + why);
    Backoff backoff = limits.waits();
    waits.pause(asked.map(backoff::bounded).orElse(backoff.after(failures)));
  }

  /** The JDK leaves some of its messages empty. */
  private String reason(IOException e) {
    String text = e.getMessage();
    if (text != null && !text.isBlank()) {
      return text + " (from " + hub + ")";
    }
    String why = e.getCause() instanceof UnresolvedAddressException ? "; no such host" : "";
    return "no connection to " + hub + why;
  }
}
