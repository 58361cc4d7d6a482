package farm.darkroom.worker;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.queue.Heartbeat;
import java.util.Optional;

/** What the loop does at this moment, for those who watch. Thread-safe. */
final class Vitals {
  private static final double NANOS = 1e9;
  private final Pace pace;
  private String stage = "starting";
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
    if (!(entered instanceof Rendering)) {
      held = null;
    }
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

  synchronized String stage() {
    return stage;
  }

  synchronized Optional<String> trouble() {
    return trouble;
  }

  synchronized Optional<Heartbeat.Render> render() {
    return Optional.ofNullable(held)
        .map(
            at ->
                new Heartbeat.Render(
                    at.key(), at.batch(), step, steps, iterationsPerSecond(), residency));
  }

  private double iterationsPerSecond() {
    long nanos = pace.nanos() - begunAt;
    return step > 0 && nanos > 0 ? step * NANOS / nanos : 0;
  }
}
