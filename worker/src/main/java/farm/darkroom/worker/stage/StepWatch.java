package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.job.RenderJob;
import farm.darkroom.worker.lease.Held;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.RenderWatch;
import farm.darkroom.worker.port.Stop;
import java.time.Duration;
import java.util.Optional;

/**
 * Looks up between the steps of a render: is the job new, is the lease there, is the job wanted,
 * shall we go on? After the last step the queue may look for the next job: what is left to do is to
 * decode.
 */
final class StepWatch implements RenderWatch, AutoCloseable {
  private final Station station;
  private final Held held;
  private final Look look;
  private final String model;
  private final int images;
  private String size;
  private int left;
  private long before;

  StepWatch(Station station, Held held, RenderJob job, Look look) {
    this.station = requireNonNull(station, "station");
    this.held = requireNonNull(held, "held");
    this.look = requireNonNull(look, "look");
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
    look.settle();
    station.pulse().vitals().step(done, of);
    measure(done);
    left = of - done;
    if (held.kept().lost()) {
      throw stopped(Stop.LEASE_LOST);
    }
    if (station.intake().cancelled(held)) {
      throw stopped(Stop.CANCELLED);
    }
    if (station.pulse().pace().stopping() && done < of) {
      throw stopped(Stop.SHUTDOWN);
    }
    if (done == of && !station.pulse().pace().stopping()) {
      station.intake().expectLease();
    }
  }

  /** Those beside it may go on for long; its preview does not wait for them. */
  private RenderStopped stopped(Stop why) {
    close();
    return new RenderStopped(why);
  }

  /** None after the last step, of several pictures the last one's: the result comes at once. */
  @Override
  public boolean wantsPreview(int step) {
    return left > images
        && station
            .results()
            .previews()
            .filter(previews -> previews.wants(held.key(), step))
            .isPresent();
  }

  /** What it took is not the next step's. */
  @Override
  public void preview(Picture picture) {
    station.pulse().vitals().previewed();
    before = station.pulse().pace().nanos();
    station.results().previews().ifPresent(previews -> previews.show(held.key(), picture));
  }

  /** The render has ended, in whatever way. */
  @Override
  public void close() {
    station.results().previews().ifPresent(previews -> previews.ended(held.key()));
  }

  private void measure(int done) {
    long now = station.pulse().pace().nanos();
    if (done > 0) {
      station.pulse().metrics().step(model, size, Duration.ofNanos(now - before));
    }
    before = now;
  }

  /** Until the renderer says which, where the job names none. */
  private static String edge(Optional<Integer> pixels) {
    return pixels.map(String::valueOf).orElse("default");
  }
}
