package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

/**
 * Goes from stage to stage until the worker stops. A job that is rendered leaves it for {@link
 * Outbound}, and the next is leased. For one thread.
 */
public final class WorkerLoop {
  private final Station station;
  private final Advance advance;
  private final MicroBatch batch;

  /**
   * @param pictures the most that share a pass of the model
   */
  public WorkerLoop(Station station, int pictures) {
    this.station = requireNonNull(station, "station");
    this.advance = new Advance(station);
    this.batch = new MicroBatch(station, advance, pictures);
  }

  /**
   * Works until the pace says stop, or the worker turns out to be of no use; holds nothing then.
   */
  public Stopped run() {
    try (Outbound outbound = new Outbound(station.results().rack(), advance)) {
      Stage stage = new Probing();
      while (!(stage instanceof Stopped)) {
        stage = relieved(next(stage), outbound);
        if (stage instanceof Probing || stage instanceof Stranded || stage instanceof Stopped) {
          batch.giveBack();
        }
      }
      station.pulse().vitals().emptying();
      return (Stopped) stage;
    }
  }

  /** The stage after {@code stage}, whatever happens in it. */
  Stage next(Stage stage) {
    station.pulse().vitals().enter(stage);
    return stage instanceof Rendering rendering ? batch.after(rendering) : advance.after(stage);
  }

  /** Where the loop goes on when what needs no renderer is left to others. */
  private Stage relieved(Stage stage, Outbound outbound) {
    if (stage instanceof Storing || stage instanceof Settling) {
      station.pulse().vitals().enter(stage);
      outbound.take((HeldStage) stage);
      return outbound.verdict().orElseGet(() -> held(new Idle(), outbound));
    }
    return stage instanceof Idle
        ? outbound.verdict().orElseGet(() -> held(stage, outbound))
        : stage;
  }

  /** What is held already goes before a new job. */
  private Stage held(Stage idle, Outbound outbound) {
    return batch.next().map(stage -> relieved(stage, outbound)).orElse(idle);
  }
}
