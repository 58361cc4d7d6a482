package farm.darkroom.worker.render;

import static java.util.Objects.requireNonNull;

import farm.darkroom.worker.port.RenderListener;

/** Counts the steps of all images of a job, for its watcher. Not thread-safe. */
final class StepCount {
  private final RenderListener watch;
  private final int images;
  private int of;
  private int done;

  StepCount(RenderListener watch, int images) {
    this.watch = requireNonNull(watch, "watch");
    this.images = images;
  }

  /** An image with this many steps begins; the first one sets the count for all. */
  void begin(int steps) {
    if (of == 0) {
      of = steps * images;
      watch.step(0, of);
    }
  }

  /** A step is done. */
  void step() {
    done++;
    watch.step(Math.min(done, of), of);
  }

  /** The steps that were done. */
  int done() {
    return done;
  }
}
