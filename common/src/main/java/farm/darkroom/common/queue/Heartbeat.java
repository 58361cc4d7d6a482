package farm.darkroom.common.queue;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a worker says of itself every few seconds.
 *
 * @param at when, by the worker's clock; by the broker's once it was read from the log
 * @param state the stage of its loop, such as {@code idle}, {@code rendering} or {@code probing}
 * @param device such as {@code cpu} or {@code cuda:0}
 * @param models the models that jobs may ask it for
 * @param render what it renders now
 * @param memoryBytes resident memory of its process
 * @param trouble what is wrong with it or around it; it may take no jobs
 * @param queue that it serves; empty where it does not say
 * @param leases how many jobs it holds, leased and not yet acknowledged; empty where it does not
 *     say
 */
public record Heartbeat(
    String worker,
    Instant at,
    String state,
    String device,
    List<String> models,
    Optional<Render> render,
    long memoryBytes,
    Optional<String> trouble,
    Optional<String> queue,
    Optional<Integer> leases) {

  /**
   * A render under way.
   *
   * @param step steps done, of {@code steps}
   * @param iterationsPerSecond steps per second so far; 0 before the first is done
   * @param residency where the weights are, such as {@code sequential}
   */
  public record Render(
      String jobId,
      Optional<String> batch,
      int step,
      int steps,
      double iterationsPerSecond,
      String residency) {

    public Render {
      requireNonNull(jobId, "jobId");
      requireNonNull(batch, "batch");
      requireNonNull(residency, "residency");
    }
  }

  public Heartbeat {
    requireNonNull(worker, "worker");
    requireNonNull(at, "at");
    requireNonNull(state, "state");
    requireNonNull(device, "device");
    models = List.copyOf(models);
    requireNonNull(render, "render");
    requireNonNull(trouble, "trouble");
    requireNonNull(queue, "queue");
    requireNonNull(leases, "leases");
  }

  /** This heartbeat at another time. */
  public Heartbeat at(Instant other) {
    return new Heartbeat(
        worker, other, state, device, models, render, memoryBytes, trouble, queue, leases);
  }

  /** Canonical JSON, UTF-8. */
  public byte[] toJson() {
    return HeartbeatJson.write(this);
  }

  /**
   * Reads a heartbeat as {@link #toJson} writes it.
   *
   * @throws farm.darkroom.common.FarmException INVALID_JOB when the bytes are no heartbeat
   */
  public static Heartbeat fromJson(byte[] bytes) {
    return HeartbeatJson.read(bytes);
  }
}
