package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.result.PreviewRate;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A worker's identity and behaviour.
 *
 * @param id its name in events, records and heartbeats; unique in the farm
 * @param queue that it serves
 * @param device such as {@code cpu} or {@code cuda:0}, for heartbeats
 * @param grace how long a worker that is told to stop may take to hand its job back
 * @param heartbeat how often it says what it does
 * @param health where health and metrics are served, if anywhere
 * @param batch the most pictures that share a pass of the model; 1 for none
 * @param previews how often it shows what it renders; empty: never
 */
public record WorkerSettings(
    String id,
    String queue,
    String device,
    Duration grace,
    Duration heartbeat,
    Optional<InetSocketAddress> health,
    int batch,
    Optional<PreviewRate> previews) {
  private static final int MOST_BATCH = 64;
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(10);
  public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(2);

  public WorkerSettings {
    requireNonNull(id, "id");
    requireNonNull(queue, "queue");
    requireNonNull(device, "device");
    requireNonNull(grace, "grace");
    requireNonNull(heartbeat, "heartbeat");
    requireNonNull(health, "health");
    requireNonNull(previews, "previews");
    requireBatch(batch);
  }

  /**
   * Checks how many pictures may share a pass.
   *
   * @throws FarmException WORKER_UNFIT naming what was found and what is allowed
   */
  public static void requireBatch(int batch) {
    if (batch < 1 || batch > MOST_BATCH) {
      throw new FarmException(
          FailureKind.WORKER_UNFIT,
          "--batch: found %d, allowed: 1 to %d".formatted(batch, MOST_BATCH));
    }
  }

  /** The defaults for everything that has one. */
  public static WorkerSettings of(String id, String queue, String device) {
    return new WorkerSettings(
        id, queue, device, DEFAULT_GRACE, DEFAULT_HEARTBEAT, Optional.empty(), 1, Optional.empty());
  }
}
