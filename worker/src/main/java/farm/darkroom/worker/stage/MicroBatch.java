package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FarmException;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.port.RenderOutcome;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.RenderRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renders jobs side by side: leases more that can go with the one that is to be rendered, without
 * waiting for any, and gives each one's next stage. What came off the queue and is no peer waits
 * here, held, for its turn. Not thread-safe.
 */
final class MicroBatch {
  private static final Logger log = LoggerFactory.getLogger(MicroBatch.class);
  private final StageContext context;
  private final StageRunner advance;
  private final Deque<Stage> waiting = new ArrayDeque<>();
  private int most;

  /**
   * @param most pictures that share a pass; 1 for none
   */
  MicroBatch(StageContext context, StageRunner advance, int most) {
    this.context = requireNonNull(context, "context");
    this.advance = requireNonNull(advance, "advance");
    this.most = most;
  }

  /** What the loop goes on with before it takes a new job; empty when it is to take one. */
  Optional<Stage> next() {
    return Optional.ofNullable(waiting.poll());
  }

  /**
   * Ends what waits, because this worker stops or cannot render: what is rendered is stored, what
   * is not goes back to the queue.
   */
  void giveBack() {
    for (Stage next = waiting.poll(); next != null; next = waiting.poll()) {
      Stage stage = rendersNext(next) ? departing((HeldStage) next) : next;
      while (stage instanceof HeldStage) {
        stage = advance.after(stage);
      }
    }
  }

  private static Stage departing(HeldStage stage) {
    if (stage instanceof Rendering rendering) {
      rendering.lookup().await();
    }
    return new Releasing(stage.held());
  }

  private static boolean rendersNext(Stage stage) {
    return stage instanceof Leased || stage instanceof Rendering || stage instanceof Diagnosing;
  }

  /** The stage after {@code first}, those that were rendered beside it waiting behind it. */
  Stage after(Rendering first) {
    if (most == 1 || first.plan().careful()) {
      return advance.after(first);
    }
    List<Rendering> rows = gathered(first);
    context.telemetry().status().begin(first.held().key(), first.held().batch(), first.plan());
    List<RenderOutcome> outcomes = render(rows, first.plan());
    List<Stage> next = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      next.add(advance.after(settled(rows.get(i), outcomes.get(i))));
    }
    next.addAll(waiting);
    waiting.clear();
    waiting.addAll(next);
    return waiting.removeFirst();
  }

  private List<Rendering> gathered(Rendering first) {
    List<Rendering> rows = new ArrayList<>(List.of(first));
    int pictures = first.job().numImagesPerPrompt();
    while (pictures < most && waiting.isEmpty()) {
      Optional<Leased> leased = lease();
      if (leased.isEmpty()) {
        return rows;
      }
      Stage next = advance.after(leased.get());
      if (next instanceof Rendering again && has(rows, again.held())) {
        again.lookup().await();
        waiting.addLast(leased.get());
      } else if (next instanceof Rendering peer && first.peer(peer)) {
        rows.add(peer);
        pictures += peer.job().numImagesPerPrompt();
      } else {
        waiting.addLast(next);
      }
    }
    return rows;
  }

  /** Whether the job is one of them already: then it looks again when those are stored. */
  private static boolean has(List<Rendering> rows, HeldJob held) {
    return rows.stream().anyMatch(row -> row.held().key().equals(held.key()));
  }

  private Optional<Leased> lease() {
    boolean enough =
        context.telemetry().time().stopping()
            || context.consumer().draining()
            || context.consumer().paused();
    try {
      return enough ? Optional.empty() : context.consumer().lease(Duration.ZERO);
    } catch (FarmException e) {
      log.warn("no more jobs beside this one: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private List<RenderOutcome> render(List<Rendering> rows, RenderPlan plan) {
    List<StepListener> watches = rows.stream().map(row -> row.watch(context)).toList();
    List<RenderRequest> requests = new ArrayList<>();
    rows.forEach(row -> requests.add(new RenderRequest(row.job(), watches.get(requests.size()))));
    try {
      return context.renderer().renderTogether(requests, plan, most);
    } catch (FarmException e) {
      return all(rows, e);
    } catch (RuntimeException | LinkageError | VirtualMachineError e) {
      return all(rows, Unforeseen.asFailure(e));
    } finally {
      watches.forEach(StepListener::close);
    }
  }

  private static List<RenderOutcome> all(List<Rendering> rows, FarmException why) {
    return rows.stream().<RenderOutcome>map(row -> new RenderOutcome.Ended(why)).toList();
  }

  /** Jobs that failed for want of memory or store are tried again alone. */
  private Rendering settled(Rendering row, RenderOutcome outcome) {
    if (outcome instanceof RenderOutcome.Ended ended && ended.why() instanceof FarmException e) {
      switch (e.kind()) {
        case OUT_OF_MEMORY -> {
          log.warn("no memory for {} pictures in a pass: one at a time from now on", most);
          most = 1;
          return row;
        }
        case STORE_UNAVAILABLE -> {
          return row;
        }
        case INVALID_JOB, RENDER_FAILED, QUEUE_UNAVAILABLE, WORKER_UNFIT -> {}
      }
    }
    return row.with(outcome);
  }
}
