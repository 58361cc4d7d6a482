package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

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

  /** The same with less memory; empty at the floor. */
  public Optional<RenderPlan> lower() {
    return residency.lower().map(less -> new RenderPlan(less, careful));
  }

  /** The same with all care. */
  public RenderPlan withCare() {
    return new RenderPlan(residency, true);
  }
}
