package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.port.RenderListener;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Stop;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides between the steps of a render whether it goes on: not if the job has a result already,
 * the lease is lost, the job is cancelled or the worker is to stop. After the last step the queue
 * may look for the next job: what is left to do is to decode.
 */
final class StepListener implements RenderListener, AutoCloseable {
  private final StageContext context;
  private final HeldJob held;
  private final RecordLookup lookup;
  private final String model;
  private final int images;
  private String size;
  private int left;
  private long before;

  StepListener(StageContext context, HeldJob held, RenderJob job, RecordLookup lookup) {
    this.context = requireNonNull(context, "context");
    this.held = requireNonNull(held, "held");
    this.lookup = requireNonNull(lookup, "lookup");
    this.model = job.model();
    this.images = job.numImagesPerPrompt();
    this.size = edge(job.framing().width()) + "x" + edge(job.framing().height());
  }

  @Override
  public void size(int width, int height) {
    size = width + "x" + height;
  }

  @Override
  public void step(int done, int of) {
    lookup.settle();
    context.telemetry().status().step(done, of);
    measure(done);
    left = of - done;
    if (held.kept().lost()) {
      throw stopped(Stop.LEASE_LOST);
    }
    if (context.consumer().cancelled(held)) {
      throw stopped(Stop.CANCELLED);
    }
    if (context.telemetry().time().stopping() && done < of) {
      throw stopped(Stop.SHUTDOWN);
    }
    if (done == of && !context.telemetry().time().stopping()) {
      context.consumer().expectLease();
    }
  }

  /** Jobs rendered beside it may go on for long; its preview does not wait for them. */
  private RenderStopped stopped(Stop why) {
    close();
    return new RenderStopped(why);
  }

  /** None after the last step of the last picture, since the result follows at once. */
  @Override
  public boolean wantsPreview(int step) {
    return left > images
        && context
            .results()
            .previews()
            .filter(previews -> previews.wantsPreview(held.key(), step))
            .isPresent();
  }

  /** The time that a preview took is not counted for the next step. */
  @Override
  public void preview(Picture picture) {
    context.telemetry().status().previewed();
    before = context.telemetry().time().nanos();
    context.results().previews().ifPresent(previews -> previews.show(held.key(), picture));
  }

  /** The render has ended, in whatever way. */
  @Override
  public void close() {
    context.results().previews().ifPresent(previews -> previews.ended(held.key()));
  }

  private void measure(int done) {
    long now = context.telemetry().time().nanos();
    if (done > 0) {
      context.telemetry().metrics().step(model, size, Duration.ofNanos(now - before));
    }
    before = now;
  }

  /** A side of the picture for metrics, until the renderer says it where the job does not. */
  private static String edge(Optional<Integer> pixels) {
    return pixels.map(String::valueOf).orElse("default");
  }
}
