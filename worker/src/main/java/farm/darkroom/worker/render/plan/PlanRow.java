package farm.darkroom.worker.render.plan;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.port.RenderPlan;
import java.util.OptionalInt;

/**
 * One way to render a job, and its cost.
 *
 * @param tilePixels the side of the VAE's tiles, if it has any
 * @param peakBytes of the process on a CPU, of the device on a GPU
 * @param slowdown how many times longer than with everything resident a picture should take, models
 *     that are open already; at least 1
 * @param fits whether the budget suffices
 */
public record PlanRow(
    RenderPlan plan, OptionalInt tilePixels, long peakBytes, double slowdown, boolean fits) {

  public PlanRow {
    requireNonNull(plan, "plan");
    requireNonNull(tilePixels, "tilePixels");
  }

  /** Such as {@code sequential, VAE in tiles of 512 pixels}. */
  public String name() {
    String residency = plan.residency().label();
    return tilePixels.isEmpty()
        ? residency
        : "%s, VAE in tiles of %d pixels".formatted(residency, tilePixels.getAsInt());
  }
}
