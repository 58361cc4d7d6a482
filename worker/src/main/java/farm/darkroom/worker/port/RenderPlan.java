package farm.darkroom.worker.port;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import java.util.Optional;

/**
 * How to render a job. Where the weights are changes no pixel; the other two change some a little.
 *
 * @param residency where the weights are
 * @param tiles of the VAE
 * @param careful after a failed render: a fresh pipeline, and the VAE in float32
 */
public record RenderPlan(Residency residency, VaeTiles tiles, boolean careful) {

  public RenderPlan {
    requireNonNull(residency, "residency");
    requireNonNull(tiles, "tiles");
  }

  /** A first try that takes pictures whole. */
  public static RenderPlan of(Residency residency) {
    return new RenderPlan(residency, VaeTiles.WHOLE, false);
  }

  /** This plan for another attempt after a failure, with all precautions. */
  public RenderPlan withSafeguards() {
    return new RenderPlan(residency, tiles, true);
  }

  /**
   * How to try again here after {@code e}: with less memory where memory ran out, with care once
   * where the render failed. Empty when trying again is of no use.
   */
  public Optional<RenderPlan> after(FarmException e) {
    return switch (e.kind()) {
      case OUT_OF_MEMORY -> lower().or(this::safeRetry);
      case RENDER_FAILED -> safeRetry();
      case INVALID_JOB, STORE_UNAVAILABLE, QUEUE_UNAVAILABLE, WORKER_UNFIT -> Optional.empty();
    };
  }

  /** Weights first, because where they are does not change the picture. */
  private Optional<RenderPlan> lower() {
    return residency
        .lower()
        .map(less -> new RenderPlan(less, tiles, careful))
        .or(() -> tiles.lower().map(less -> new RenderPlan(residency, less, careful)));
  }

  private Optional<RenderPlan> safeRetry() {
    return careful ? Optional.empty() : Optional.of(withSafeguards());
  }
}
