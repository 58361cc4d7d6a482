package farm.darkroom.common.queue;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import java.util.Locale;
import java.util.Optional;

/** An operator's order to stop something. It stands until it is taken back. */
public record StopOrder(Scope scope, String name) {

  /** What is to stop. */
  public enum Scope {
    /** A job: cancelled. */
    JOB,
    /** All jobs of a batch: cancelled. */
    BATCH,
    /** A queue: its workers take no jobs. */
    QUEUE,
    /** A worker: it finishes what it holds and takes no more, until one of its name starts over. */
    WORKER
  }

  public StopOrder {
    requireNonNull(scope, "scope");
    if (name.isBlank()) {
      throw FarmException.invalidJob(
          "a stop order needs the name of a job, batch, queue or worker");
    }
  }

  /** Its key in the log, such as {@code batch/night-3}. */
  public String key() {
    return scope.name().toLowerCase(Locale.ROOT) + "/" + name;
  }

  /** What it is about, for people, such as {@code batch night-3}. */
  public String label() {
    return scope.name().toLowerCase(Locale.ROOT) + " " + name;
  }

  /** The order of a key; empty when the key is none. */
  public static Optional<StopOrder> ofKey(String key) {
    for (Scope scope : Scope.values()) {
      String prefix = scope.name().toLowerCase(Locale.ROOT) + "/";
      if (key.startsWith(prefix) && !key.substring(prefix.length()).isBlank()) {
        return Optional.of(new StopOrder(scope, key.substring(prefix.length())));
      }
    }
    return Optional.empty();
  }
}
