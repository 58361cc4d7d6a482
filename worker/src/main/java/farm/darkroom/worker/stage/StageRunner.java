package farm.darkroom.worker.stage;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobState;
import farm.darkroom.worker.lease.HeldJob;
import farm.darkroom.worker.lease.OutageRetry;
import farm.darkroom.worker.port.RenderStopped;
import farm.darkroom.worker.port.Stop;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Moves a job from one stage to the next, whatever happens in it. Thread-safe: several jobs may
 * advance at a time, each in one thread.
 */
final class StageRunner {
  /** How long the worker takes no job after something that nobody foresaw. */
  static final Duration AFTER_SURPRISE = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(StageRunner.class);
  private final StageContext context;

  StageRunner(StageContext context) {
    this.context = requireNonNull(context, "context");
  }

  /** What is read goes on at once: nobody sees a job that is {@link Admitting}. */
  Stage after(Stage stage) {
    if (stage instanceof HeldStage holding) {
      Stage next = afterHolding(holding);
      return next instanceof Admitting known ? afterHolding(known) : next;
    }
    try {
      return stage.advance(context);
    } catch (RuntimeException | LinkageError | VirtualMachineError e) {
      log.error("unexpected in {}", stage.label(), e);
      return new Resting(AFTER_SURPRISE);
    }
  }

  private Stage afterHolding(HeldStage stage) {
    HeldJob held = stage.held();
    MDC.put("worker", context.consumer().worker());
    MDC.put("job", held.key());
    held.batch().ifPresent(batch -> MDC.put("batch", batch));
    try {
      return stage.advance(context);
    } catch (RenderStopped e) {
      return stopped(stage, e.why());
    } catch (FarmException e) {
      return failed(stage, e);
    } catch (RuntimeException | LinkageError | VirtualMachineError e) {
      log.error("unexpected in {}", stage.label(), e);
      return failed(stage, Unforeseen.asFailure(e));
    } finally {
      MDC.clear();
    }
  }

  private Stage stopped(HeldStage stage, Stop why) {
    log.info("{} ends: {}", stage.label(), why);
    if (why == Stop.LEASE_LOST) {
      context.telemetry().metrics().leaseLost();
    }
    HeldJob held = stage.held();
    return switch (why) {
      case STORED -> stored(held);
      case CANCELLED -> new Acknowledging(held, JobState.CANCELLED);
      case SHUTDOWN -> stage instanceof Releasing ? leftToExpire(held) : new Releasing(held);
      case LEASE_LOST -> abandoned(held);
    };
  }

  private Stage stored(HeldJob held) {
    context.telemetry().metrics().skipped();
    return new Acknowledging(held, JobState.STORED);
  }

  private static Stage failed(HeldStage stage, FarmException e) {
    log.warn("{} failed: {}", stage.label(), e.getMessage());
    if (stage instanceof Rendering rendering && e.kind() == FailureKind.RENDER_FAILED) {
      return new Diagnosing(rendering.held(), rendering.job(), e);
    }
    boolean ending =
        stage instanceof HandingBack || stage instanceof Releasing || stage instanceof Yielding;
    if (!ending) {
      return OutageRetry.isOutage(e)
          ? new Yielding(stage.held(), e)
          : new HandingBack(stage.held(), e);
    }
    abandoned(stage.held());
    return new Resting(AFTER_SURPRISE);
  }

  /** Abandons the lease; the broker gives the job out again. */
  private static Stage abandoned(HeldJob held) {
    held.kept().abandon();
    return new Idle();
  }

  /** The broker does not answer, and the worker stops: the lease ends with its connection. */
  private static Stage leftToExpire(HeldJob held) {
    held.kept().close();
    return new Idle();
  }
}
