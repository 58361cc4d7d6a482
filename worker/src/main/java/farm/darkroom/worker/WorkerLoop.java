package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

/**
 * Goes from stage to stage until the worker stops. A job that is rendered leaves it for {@link
 * Outbound}, and the next is leased. For one thread.
 */
final class WorkerLoop {
  private final Station station;
  private final Advance advance;

  WorkerLoop(Station station) {
    this.station = requireNonNull(station, "station");
    this.advance = new Advance(station);
  }

  /**
   * Works until the pace says stop, or the worker turns out to be of no use; holds nothing then.
   */
  Stopped run() {
    try (Outbound outbound = new Outbound(station.rack(), advance)) {
      Stage stage = new Probing();
      while (!(stage instanceof Stopped)) {
        stage = relieved(next(stage), outbound);
      }
      station.vitals().emptying();
      return (Stopped) stage;
    }
  }

  /** The stage after {@code stage}, whatever happens in it. */
  Stage next(Stage stage) {
    station.vitals().enter(stage);
    return advance.after(stage);
  }

  /** Where the loop goes on when what needs no renderer is left to others. */
  private Stage relieved(Stage stage, Outbound outbound) {
    if (stage instanceof Storing || stage instanceof Settling) {
      station.vitals().enter(stage);
      outbound.take((HeldStage) stage);
      return outbound.verdict().orElseGet(Idle::new);
    }
    return stage instanceof Idle ? outbound.verdict().orElse(stage) : stage;
  }
}
