package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

/**
 * Goes from stage to stage until the worker stops. A job that is rendered leaves it for {@link
 * CompletionThreads}, and the next is leased. Not thread-safe.
 */
public final class WorkerLoop {
  private final StageContext context;
  private final StageRunner advance;
  private final MicroBatch batch;

  /**
   * @param pictures the most that share a pass of the model
   */
  public WorkerLoop(StageContext context, int pictures) {
    this.context = requireNonNull(context, "context");
    this.advance = new StageRunner(context);
    this.batch = new MicroBatch(context, advance, pictures);
  }

  /** Works until the worker is told to stop or turns out unable to render. It holds no job then. */
  public Stopped run() {
    try (CompletionThreads completion =
        new CompletionThreads(context.results().beingStored(), advance)) {
      Stage stage = new Probing();
      while (!(stage instanceof Stopped)) {
        stage = handOverCompletion(next(stage), completion);
        if (stage instanceof Probing
            || stage instanceof AwaitingStore
            || stage instanceof Stopped) {
          batch.giveBack();
        }
      }
      context.telemetry().status().emptying();
      return (Stopped) stage;
    }
  }

  /** The stage after {@code stage}, whatever happens in it. */
  Stage next(Stage stage) {
    context.telemetry().status().enter(stage);
    return stage instanceof Rendering rendering ? batch.after(rendering) : advance.after(stage);
  }

  /**
   * Hands a job that needs no renderer any more to other threads, and returns the stage to go on
   * with.
   */
  private Stage handOverCompletion(Stage stage, CompletionThreads completion) {
    if (stage instanceof Storing || stage instanceof Acknowledging) {
      context.telemetry().status().enter(stage);
      completion.take((HeldStage) stage);
      return completion.nextStage().orElseGet(() -> held(new Idle(), completion));
    }
    return stage instanceof Idle
        ? completion.nextStage().orElseGet(() -> held(stage, completion))
        : stage;
  }

  /** Jobs that are already held come before new ones. */
  private Stage held(Stage idle, CompletionThreads completion) {
    return batch.next().map(stage -> handOverCompletion(stage, completion)).orElse(idle);
  }
}
