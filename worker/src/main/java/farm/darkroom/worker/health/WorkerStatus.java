package farm.darkroom.worker.health;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import java.util.Optional;
import java.util.function.Supplier;

/** What the worker is doing at this moment, for health checks and heartbeats. Thread-safe. */
public final class WorkerStatus {
  private static final double NANOS = 1e9;
  private final StoppableTime time;
  private final Supplier<Optional<String>> elsewhere;
  private String stage = "starting";
  private boolean takes;
  private boolean gone;
  private Optional<String> sickness = Optional.empty();
  private Optional<String> silence = Optional.empty();
  private Optional<Job> rendered = Optional.empty();
  private String residency = "";
  private int step;
  private int steps;
  private long begunAt;
  private long steppedAt;

  /**
   * @param elsewhere what is wrong that this object is not told of, as a sentence
   */
  public WorkerStatus(StoppableTime time, Supplier<Optional<String>> elsewhere) {
    this.time = requireNonNull(time, "time");
    this.elsewhere = requireNonNull(elsewhere, "elsewhere");
  }

  public synchronized void enter(ObservedStage entered) {
    stage = entered.label();
    gone = entered.ended();
    takes = entered.takesJobs();
    if (!entered.renders()) {
      rendered = Optional.empty();
    }
  }

  /** The loop has ended; what was rendered is not all stored yet. */
  public synchronized void emptying() {
    stage = "storing";
    takes = false;
    rendered = Optional.empty();
  }

  /** A render of the job begins. */
  public synchronized void begin(String key, Optional<String> batch, RenderPlan plan) {
    rendered = Optional.of(new Job(key, batch));
    residency = plan.residency().label();
    step(0, 0);
  }

  public synchronized void step(int done, int of) {
    steppedAt = time.nanos();
    if (done == 0) {
      begunAt = steppedAt;
    }
    step = done;
    steps = of;
  }

  /** A preview was made since the last step, which is no part of the next. */
  public synchronized void previewed() {
    long now = time.nanos();
    begunAt += now - steppedAt;
    steppedAt = now;
  }

  /** This worker cannot render, and takes no jobs. */
  public synchronized void sick(String why) {
    sickness = Optional.of(why);
  }

  public synchronized void well() {
    sickness = Optional.empty();
  }

  /** What this worker needs for its next job does not answer. */
  public synchronized void unanswered(String why) {
    silence = Optional.of(why);
  }

  public synchronized void answered() {
    silence = Optional.empty();
  }

  /** Whether the current or last render uses this residency. */
  synchronized boolean isResidency(Residency asked) {
    return residency.equals(asked.label());
  }

  /**
   * A snapshot of the status.
   *
   * @param takes whether the loop takes jobs at this stage
   * @param gone whether the loop has ended
   * @param sick whether this worker cannot render
   * @param trouble what is wrong, with the worker or around it
   */
  public record Moment(
      String stage,
      boolean takes,
      boolean gone,
      boolean sick,
      Optional<String> trouble,
      Optional<Heartbeat.Render> render) {

    /** Whether jobs may come. */
    public boolean ready() {
      return takes && trouble.isEmpty();
    }

    /** Whether the worker will render again, sooner or later. */
    public boolean offers() {
      return !gone && !sick;
    }
  }

  public synchronized Moment now() {
    Optional<String> trouble = sickness.or(() -> silence).or(elsewhere);
    return new Moment(
        stage, takes, gone, sickness.isPresent(), trouble, rendered.map(this::render));
  }

  /** What is rendered. */
  private record Job(String key, Optional<String> batch) {}

  private Heartbeat.Render render(Job at) {
    return new Heartbeat.Render(
        at.key(), at.batch(), step, steps, iterationsPerSecond(), residency);
  }

  private double iterationsPerSecond() {
    long nanos = time.nanos() - begunAt;
    return step > 0 && nanos > 0 ? step * NANOS / nanos : 0;
  }
}
