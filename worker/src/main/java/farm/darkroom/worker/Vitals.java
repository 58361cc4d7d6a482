package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.queue.Heartbeat;
import java.util.Optional;

/** What the loop does at this moment, for those who watch. Thread-safe. */
final class Vitals {
  private static final double NANOS = 1e9;
  private final Pace pace;
  private String stage = "starting";
  private boolean gone;
  private Optional<String> trouble = Optional.empty();
  private Held held;
  private String residency = "";
  private int step;
  private int steps;
  private long begunAt;

  Vitals(Pace pace) {
    this.pace = requireNonNull(pace, "pace");
  }

  synchronized void enter(Stage entered) {
    stage = entered.label();
    gone = entered instanceof Stopped;
    if (!(entered instanceof Rendering)) {
      held = null;
    }
  }

  /** The loop has ended; what was rendered is not all stored yet. */
  synchronized void emptying() {
    stage = "storing";
    held = null;
  }

  /** A render begins. */
  synchronized void begin(Held begun, RenderPlan plan) {
    held = begun;
    residency = plan.residency().label();
    step(0, 0);
  }

  synchronized void step(int done, int of) {
    if (done == 0) {
      begunAt = pace.nanos();
    }
    step = done;
    steps = of;
  }

  /** This worker cannot render, and takes no jobs. */
  synchronized void sick(String why) {
    trouble = Optional.of(why);
  }

  synchronized void well() {
    trouble = Optional.empty();
  }

  /** Whether the last render has, or had, its weights so. */
  synchronized boolean isResidency(Residency asked) {
    return residency.equals(asked.label());
  }

  synchronized String stage() {
    return stage;
  }

  /**
   * One moment.
   *
   * @param gone whether the loop has ended
   * @param trouble why the worker takes no jobs, if that is so
   */
  record Moment(
      String stage, boolean gone, Optional<String> trouble, Optional<Heartbeat.Render> render) {

    /** Whether jobs may come. */
    boolean ready() {
      return !gone && trouble.isEmpty();
    }
  }

  synchronized Moment now() {
    return new Moment(stage, gone, trouble, Optional.ofNullable(held).map(this::render));
  }

  private Heartbeat.Render render(Held at) {
    return new Heartbeat.Render(
        at.key(), at.batch(), step, steps, iterationsPerSecond(), residency);
  }

  private double iterationsPerSecond() {
    long nanos = pace.nanos() - begunAt;
    return step > 0 && nanos > 0 ? step * NANOS / nanos : 0;
  }
}
