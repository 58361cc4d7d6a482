package farm.darkroom.worker.hub;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.Backoff;
import java.time.Duration;

/**
 * The limits of a download.
 *
 * @param stall how long nothing may come before a request is tried again
 * @param tries of one request or one part of a file
 * @param waits before the next try; none is longer than the longest, whatever the hub asks for
 * @param partSize bytes of a file that one request brings
 * @param connections parts that are under way at once
 */
public record HubLimits(Duration stall, int tries, Backoff waits, long partSize, int connections) {
  private static final int MOST_CONNECTIONS = 32;

  public HubLimits {
    requireNonNull(stall, "stall");
    requireNonNull(waits, "waits");
    if (connections < 1 || connections > MOST_CONNECTIONS) {
      throw HubException.refused(
          "connections: found %d, allowed: 1 to %d".formatted(connections, MOST_CONNECTIONS));
    }
  }

  /** What suits the hub. */
  public static HubLimits standard(int connections) {
    return new HubLimits(
        Duration.ofSeconds(30),
        6,
        new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(2)),
        16L << 20,
        connections);
  }
}
