package farm.darkroom.worker.stage;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobId;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderTimings;
import farm.darkroom.common.job.SchedulerChoice;
import farm.darkroom.worker.picture.Picture;
import farm.darkroom.worker.port.Output;
import farm.darkroom.worker.port.RenderDetails;
import farm.darkroom.worker.port.RenderListener;
import farm.darkroom.worker.port.RenderOutcome;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderRequest;
import farm.darkroom.worker.port.RenderResult;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.port.Residency;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Renders pictures that are made of their job's id, and fails as it is told. Not thread-safe. */
public final class FakeRenderer implements Renderer {
  public static final int STEPS = 3;
  private static final int WIDTH = 4;
  private static final int HEIGHT = 2;
  private final List<String> rendered = new ArrayList<>();
  private boolean tooSmall;
  private Optional<FarmException> planFailure = Optional.empty();
  private Optional<String> lacking = Optional.empty();
  private final List<RenderPlan> plans = new ArrayList<>();
  private final List<Integer> batches = new ArrayList<>();
  private final Deque<Supplier<RuntimeException>> failures = new ArrayDeque<>();
  private List<String> models = List.of("demo", "demo-refiner");
  private Runnable whilePlanning = () -> {};
  private Runnable betweenSteps = () -> {};
  private Runnable whilePreviewing = () -> {};
  private Predicate<RenderJob> never = job -> false;
  private boolean sick;
  private Optional<Error> probeError = Optional.empty();
  private boolean black;
  private int probes;

  /** The next render fails so; called again, the one after it. */
  FakeRenderer failNext(FailureKind kind, String message) {
    failures.add(() -> new FarmException(kind, message));
    return this;
  }

  FakeRenderer failNext(RuntimeException failure) {
    failures.add(() -> failure);
    return this;
  }

  /** Every render and every probe fails, or no longer. */
  public FakeRenderer sick(boolean now) {
    sick = now;
    return this;
  }

  /** These jobs never come out. */
  FakeRenderer never(Predicate<RenderJob> bad) {
    never = bad;
    return this;
  }

  /** Every probe throws this. */
  FakeRenderer unable(Error error) {
    probeError = Optional.of(error);
    return this;
  }

  /** Every picture is black, or no longer. */
  FakeRenderer black(boolean now) {
    black = now;
    return this;
  }

  FakeRenderer installed(String... names) {
    models = List.of(names);
    return this;
  }

  /** Happens as each plan is made. */
  FakeRenderer whilePlanning(Runnable event) {
    whilePlanning = event;
    return this;
  }

  /** Happens after the first step of every render. */
  public FakeRenderer betweenSteps(Runnable event) {
    betweenSteps = event;
    return this;
  }

  /** Happens as each preview is made. */
  void whilePreviewing(Runnable event) {
    whilePreviewing = event;
  }

  /** The ids of the jobs whose pictures were finished. */
  List<String> rendered() {
    return rendered;
  }

  /** From now on no plan fits into the memory there is. */
  void tooSmall() {
    tooSmall = true;
  }

  /** The next plan fails so. */
  void failNextPlan(FailureKind kind, String message) {
    planFailure = Optional.of(new FarmException(kind, message));
  }

  /** From now on every job wants something that is not here. */
  void lacking(String what) {
    lacking = Optional.of(what);
  }

  /** The plans of all renders that were begun. */
  List<RenderPlan> plans() {
    return plans;
  }

  /** How many jobs were to be rendered together, each time. */
  List<Integer> batches() {
    return batches;
  }

  int probes() {
    return probes;
  }

  @Override
  public List<String> models() {
    return models;
  }

  @Override
  public Optional<String> unmetRequirement(RenderJob job) {
    return models.contains(job.model())
        ? lacking
        : Optional.of(
            "model %s is not installed here; installed: %s"
                .formatted(job.model(), String.join(", ", models)));
  }

  @Override
  public RenderPlan plan(RenderJob job) {
    whilePlanning.run();
    if (tooSmall) {
      throw new FarmException(FailureKind.OUT_OF_MEMORY, "not enough memory: 1 GB is missing");
    }
    Optional<FarmException> failure = planFailure;
    planFailure = Optional.empty();
    if (failure.isPresent()) {
      throw failure.get();
    }
    return RenderPlan.of(Residency.RESIDENT);
  }

  @Override
  public RenderResult render(RenderJob job, RenderPlan plan, RenderListener watch) {
    plans.add(plan);
    if (sick || never.test(job)) {
      throw new FarmException(FailureKind.RENDER_FAILED, "NaN in latents");
    }
    if (!failures.isEmpty()) {
      throw failures.remove().get();
    }
    for (int step = 0; step <= STEPS; step++) {
      boolean wanted = step > 0 && watch.wantsPreview(step);
      watch.step(step, STEPS);
      if (wanted) {
        whilePreviewing.run();
        watch.preview(new Picture(1, 1, new byte[] {(byte) step, 0, 0}));
      }
      if (step == 1) {
        betweenSteps.run();
      }
    }
    String id = JobId.of(job).text();
    rendered.add(id);
    return new RenderResult(outputs(id, job.numImagesPerPrompt()), making(plan));
  }

  @Override
  public List<RenderOutcome> renderTogether(
      List<RenderRequest> requests, RenderPlan plan, int pictures) {
    batches.add(requests.size());
    return Renderer.super.renderTogether(requests, plan, pictures);
  }

  @Override
  public void probe(Optional<RenderJob> suspect) {
    probes++;
    if (probeError.isPresent()) {
      throw probeError.get();
    }
    if (sick) {
      throw new FarmException(FailureKind.WORKER_UNFIT, "probe: NaN in latents");
    }
  }

  @Override
  public void close() {}

  private List<Output> outputs(String id, int count) {
    List<Output> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] rgb = new byte[WIDTH * HEIGHT * 3];
      byte[] name = (i + id).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(name, 0, rgb, 0, black ? 0 : Math.min(name.length, rgb.length));
      pictures.add(new Output.Image(new Picture(WIDTH, HEIGHT, rgb)));
    }
    return pictures;
  }

  private static RenderDetails making(RenderPlan plan) {
    RenderTimings timings =
        new RenderTimings(Instant.EPOCH, Instant.EPOCH, STEPS, 0.5, new TreeMap<>());
    return new RenderDetails(
        "cpu",
        "float32",
        new SchedulerChoice("EulerDiscreteScheduler", new TreeMap<>()),
        plan,
        1,
        1,
        new TreeMap<>(),
        List.of(),
        timings,
        List.of());
  }
}
