package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * The bounds of a pull.
 *
 * @param stall how long nothing may come before a request is tried again
 * @param tries of one request or one part of a file
 * @param firstWait before the second try; it doubles
 * @param longestWait no wait is longer, whatever the hub asks for
 * @param partSize bytes of a file that one request brings
 * @param connections parts that are under way at once
 */
public record HubLimits(
    Duration stall,
    int tries,
    Duration firstWait,
    Duration longestWait,
    long partSize,
    int connections) {
  private static final int MOST_CONNECTIONS = 32;
  private static final int MOST_DOUBLINGS = 20;

  public HubLimits {
    requireNonNull(stall, "stall");
    requireNonNull(firstWait, "firstWait");
    requireNonNull(longestWait, "longestWait");
    if (connections < 1 || connections > MOST_CONNECTIONS) {
      throw HubException.refused(
          "%d connections: allowed are 1 to %d".formatted(connections, MOST_CONNECTIONS));
    }
  }

  /** What suits the hub. */
  public static HubLimits standard(int connections) {
    return new HubLimits(
        Duration.ofSeconds(30),
        6,
        Duration.ofSeconds(1),
        Duration.ofMinutes(2),
        16L << 20,
        connections);
  }

  /** The wait after {@code failures} failures in a row, from 1. */
  Duration waitAfter(int failures) {
    return shorter(firstWait.multipliedBy(1L << Math.min(MOST_DOUBLINGS, failures - 1)));
  }

  Duration shorter(Duration wait) {
    return wait.compareTo(longestWait) < 0 ? wait : longestWait;
  }
}
