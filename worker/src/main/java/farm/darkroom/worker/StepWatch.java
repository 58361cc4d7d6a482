package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

/**
 * Looks up between the steps of a render: is the lease there, is the job wanted, shall we go on?
 */
final class StepWatch implements RenderWatch {
  private final Station station;
  private final Held held;

  StepWatch(Station station, Held held) {
    this.station = requireNonNull(station, "station");
    this.held = requireNonNull(held, "held");
  }

  @Override
  public void step(int done, int of) {
    station.vitals().step(done, of);
    if (held.kept().lost()) {
      throw new RenderStopped(Stop.LEASE_LOST);
    }
    if (station.cancelled(held)) {
      throw new RenderStopped(Stop.CANCELLED);
    }
    if (station.pace().stopping() && done < of) {
      throw new RenderStopped(Stop.SHUTDOWN);
    }
  }
}
