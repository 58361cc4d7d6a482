package farm.darkroom.infra.bench;

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
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Gives every job the same small grey picture at once.
 *
 * @param begun told of each job when it begins
 * @param ended told of each job when its picture is there
 */
record InstantRenderer(Consumer<RenderJob> begun, Consumer<RenderJob> ended) implements Renderer {
  private static final int SIDE = 16;
  private static final byte GREY = 127;

  static InstantRenderer unwatched() {
    return new InstantRenderer(job -> {}, job -> {});
  }

  @Override
  public List<String> models() {
    return List.of("demo");
  }

  @Override
  public Optional<String> unmetRequirement(RenderJob job) {
    return Optional.empty();
  }

  @Override
  public RenderPlan plan(RenderJob job) {
    return RenderPlan.of(Residency.RESIDENT);
  }

  @Override
  public RenderResult render(RenderJob job, RenderPlan plan, RenderListener watch) {
    begun.accept(job);
    watch.step(0, 1);
    watch.step(1, 1);
    RenderResult result = new RenderResult(List.of(grey()), making(plan));
    ended.accept(job);
    return result;
  }

  @Override
  public void probe(Optional<RenderJob> suspect) {}

  @Override
  public void close() {}

  private static Output grey() {
    byte[] rgb = new byte[SIDE * SIDE * 3];
    Arrays.fill(rgb, GREY);
    return new Output.Image(new Picture(SIDE, SIDE, rgb));
  }

  private static RenderDetails making(RenderPlan plan) {
    Instant now = Instant.now();
    return new RenderDetails(
        "cpu",
        "float32",
        new SchedulerChoice("EulerDiscreteScheduler", new TreeMap<>()),
        plan,
        1,
        1,
        new TreeMap<>(),
        List.of(),
        new RenderTimings(now, now, 1, 0, new TreeMap<>()),
        List.of());
  }
}
