package farm.darkroom.worker.port;

import static java.util.Objects.requireNonNull;

/** Thrown by a {@link RenderWatch} through a renderer: the job is not wanted here any more. */
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
