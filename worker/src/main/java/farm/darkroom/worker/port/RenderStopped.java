package farm.darkroom.worker.port;

import static java.util.Objects.requireNonNull;

/**
 * Thrown by a {@link RenderListener} through a renderer to stop a render whose job is no longer
 * wanted here.
 */
public final class RenderStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final Stop why;

  public RenderStopped(Stop why) {
    super("render stopped: " + why, null, false, false);
    this.why = requireNonNull(why, "why");
  }

  public Stop why() {
    return why;
  }
}
