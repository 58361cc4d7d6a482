package farm.darkroom.infra.chaos;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.common.job.SchedulerChoice;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderDetails;
import farm.darkroom.worker.port.RenderListener;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.port.Residency;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Gives every image a small picture that its seed decides, and takes its time over it. A job whose
 * prompt says so never comes out.
 */
final class SeededRenderer implements Renderer {
  static final String NEVER = "what never comes out";
  private static final int SIDE = 16;
  private final Mood mood;
  private final Duration step;
  private final FatedPorts fates;
  private final Clock clock;
  private int probes;

  /**
   * @param step how long each denoising step takes
   */
  SeededRenderer(Mood mood, Duration step, FatedPorts fates, Clock clock) {
    this.mood = mood;
    this.step = step;
    this.fates = fates;
    this.clock = clock;
  }

  /** As a single process renders. */
  static SeededRenderer alone() {
    return new SeededRenderer(
        Mood.HEALTHY, Duration.ZERO, new FatedPorts(List.of()), Clock.systemUTC());
  }

  @Override
  public List<String> models() {
    return mood == Mood.BARE ? List.of() : List.of("demo");
  }

  @Override
  public Optional<String> unmetRequirement(RenderJob job) {
    return mood == Mood.BARE ? Optional.of("no model is installed here") : Optional.empty();
  }

  @Override
  public RenderPlan plan(RenderJob job) {
    return RenderPlan.of(Residency.RESIDENT);
  }

  @Override
  public RenderResult render(RenderJob job, RenderPlan plan, RenderListener watch) {
    Instant begun = clock.instant();
    int steps = job.sampling().numInferenceSteps();
    for (int done = 0; done <= steps; done++) {
      watch.step(done, steps);
      if (done == steps / 2) {
        fates.meet(Moment.RENDERING);
      }
      LockSupport.parkNanos(step.toNanos());
    }
    if (mood == Mood.SICK || mood == Mood.DECEPTIVE || job.prompts().prompt().contains(NEVER)) {
      throw new FarmException(FailureKind.RENDER_FAILED, "NaN latents after step " + steps);
    }
    List<Output> outputs = new ArrayList<>();
    for (int i = 0; i < job.numImagesPerPrompt(); i++) {
      outputs.add(picture(job.seedOf(i)));
    }
    return new RenderResult(outputs, making(plan, begun, steps));
  }

  @Override
  public void probe(Optional<RenderJob> suspect) {
    if (mood == Mood.SICK && probes++ > 0) {
      throw new FarmException(FailureKind.WORKER_UNFIT, "the probe did not come out");
    }
  }

  @Override
  public void close() {}

  private static Output picture(long seed) {
    byte[] rgb = new byte[SIDE * SIDE * 3];
    new SplittableRandom(seed).nextBytes(rgb);
    return new Output.Image(new Picture(SIDE, SIDE, rgb));
  }

  private RenderDetails making(RenderPlan plan, Instant begun, int steps) {
    return new RenderDetails(
        "cpu",
        "float32",
        new SchedulerChoice("EulerDiscreteScheduler", new TreeMap<>()),
        plan,
        1,
        1,
        new TreeMap<>(),
        List.of(),
        new RenderTimings(begun, clock.instant(), steps, 0, new TreeMap<>()),
        List.of());
  }
}
