package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import java.util.Optional;

/**
 * How to go about a render; the pixels that a job asks for do not depend on it.
 *
 * @param residency where the weights are
 * @param careful after a failed render: a fresh pipeline, and the VAE in float32
 */
public record RenderPlan(Residency residency, boolean careful) {

  public RenderPlan {
    requireNonNull(residency, "residency");
  }

  /** The same with all care. */
  public RenderPlan withCare() {
    return new RenderPlan(residency, true);
  }

  /**
   * How to try again here after {@code e}: with less memory where memory ran out, with care once
   * where the render failed. Empty when trying again is of no use.
   */
  public Optional<RenderPlan> after(FarmException e) {
    return switch (e.kind()) {
      case OUT_OF_MEMORY -> lower().or(this::careOnce);
      case RENDER_FAILED -> careOnce();
      case INVALID_JOB, STORE_UNAVAILABLE, QUEUE_UNAVAILABLE, WORKER_UNFIT -> Optional.empty();
    };
  }

  private Optional<RenderPlan> lower() {
    return residency.lower().map(less -> new RenderPlan(less, careful));
  }

  private Optional<RenderPlan> careOnce() {
    return careful ? Optional.empty() : Optional.of(withCare());
  }
}
