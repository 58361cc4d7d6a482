package farm.darkroom.worker.port;

import static java.util.Objects.requireNonNull;

/** The outcome of one of the jobs that were rendered together. */
public sealed interface RenderOutcome {

  /** The job was rendered. */
  record Rendered(RenderResult result) implements RenderOutcome {
    public Rendered {
      requireNonNull(result, "result");
    }

    @Override
    public RenderResult orThrow() {
      return result;
    }
  }

  /**
   * The job was not rendered.
   *
   * @param why a FarmException, or RenderStopped
   */
  record Ended(RuntimeException why) implements RenderOutcome {
    public Ended {
      requireNonNull(why, "why");
    }

    @Override
    public RenderResult orThrow() {
      throw why;
    }
  }

  /** The result, or what was thrown instead. */
  RenderResult orThrow();
}
