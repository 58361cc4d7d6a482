package farm.darkroom.worker.render.plan;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.worker.port.RenderPlan;
import farm.darkroom.worker.port.Residency;
import farm.darkroom.worker.render.engine.EngineFailures;
import farm.darkroom.worker.render.engine.EngineSettings;
import farm.darkroom.worker.render.input.Inputs;
import farm.darkroom.worker.render.input.Sources;
import farm.darkroom.worker.render.inventory.ModelFolders;
import farm.darkroom.worker.render.plan.JobMemory.Variant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Picks how to render each job: the fastest way that fits into memory, and that takes less than any
 * that ran out of memory for the same models and size. Not thread-safe.
 */
public final class Planning {
  private static final Logger log = LoggerFactory.getLogger(Planning.class);
  private final EngineSettings settings;
  private final JobMemory memory;
  private final DeviceMemory device;
  private final OutOfMemoryHistory tooMuch = new OutOfMemoryHistory();

  public Planning(EngineSettings settings, ModelFolders folders, Inputs inputs) {
    this(settings, folders, inputs, DeviceMemory.of(settings));
  }

  Planning(EngineSettings settings, ModelFolders folders, Inputs inputs, DeviceMemory device) {
    this.settings = requireNonNull(settings, "settings");
    this.memory = new JobMemory(settings, folders, new Sources(inputs));
    this.device = requireNonNull(device, "device");
  }

  /**
   * Every way to render the job, held against the memory that there is now.
   *
   * @throws FarmException INVALID_JOB when a model is not here or not sound, or as {@link
   *     Inputs#read}
   */
  public PlanTable table(RenderJob job) {
    return table(job, 1);
  }

  /**
   * The table for a job that shares its UNet passes with other pictures. One with ControlNets or
   * T2I-Adapters is rendered alone.
   *
   * @param pictures that share a pass of the model
   */
  public PlanTable table(RenderJob job, int pictures) {
    int batchSize = job.additions().goAlone() ? 1 : pictures;
    return EngineFailures.during(
        FailureKind.INVALID_JOB, "plan", () -> table(job, new Variant(batchSize, false)));
  }

  private PlanTable table(RenderJob job, Variant variant) {
    JobMemory.Need need = memory.of(job, variant);
    List<Residency> allowed =
        settings.residency().map(List::of).orElseGet(() -> Arrays.asList(Residency.values()));
    Budget budget = device.budget(need.mapped());
    PlanTable table = device.planner().table(need.ways(), allowed, budget);
    return tooMuch
        .of(job)
        .map(failed -> device.planner().table(need.ways(), allowed, below(failed, table)))
        .orElse(table);
  }

  /** Drops plans that ran out of memory before, except for the smallest. */
  private static Budget below(long failed, PlanTable table) {
    long most = Math.max(failed - 1, table.floor().peakBytes());
    return table.budget().orLess(new Budget(most, "less than what ran out of memory", false));
  }

  /**
   * How to render the job; empty when that cannot be said, because something is wrong with a model
   * or a picture: the render says it in its own words.
   *
   * @throws FarmException OUT_OF_MEMORY when nothing fits, saying what is missing; a residency that
   *     a person asked for is tried all the same, unless a limit was asked for too;
   *     STORE_UNAVAILABLE as {@link Inputs#read}: a guess could be too much for this machine
   */
  public Optional<Choice> choose(RenderJob job) {
    PlanTable table;
    try {
      table = table(job);
    } catch (FarmException e) {
      if (e.kind() == FailureKind.STORE_UNAVAILABLE) {
        throw e;
      }
      return Optional.empty();
    }
    boolean insisted = settings.residency().isPresent() && settings.memoryLimit().isEmpty();
    PlanRow row = insisted ? table.chosen().orElseGet(table::floor) : table.orRefuse();
    if (!row.equals(table.rows().get(0))) {
      log.info("{}", table.why());
    }
    return Optional.of(new Choice(row.plan(), table.budget().bytes() - row.peakBytes()));
  }

  /**
   * A plan.
   *
   * @param spare bytes that it leaves of the budget
   */
  public record Choice(RenderPlan plan, long spare) {

    public Choice {
      requireNonNull(plan, "plan");
    }
  }

  /**
   * How many pictures of such jobs may share a pass under the plan: as many as are wanted, or those
   * for which there is memory, at least one.
   */
  public int batchSize(RenderJob job, RenderPlan plan, int wanted) {
    if (wanted == 1 || job.additions().goAlone()) {
      return 1;
    }
    try {
      PlanTable one = table(job);
      long alone = peak(one, plan);
      long another = Math.max(1, peak(table(job, new Variant(2, plan.careful())), plan) - alone);
      long more = Math.max(0, (one.budget().bytes() - alone) / another);
      int fitting = (int) Math.min(wanted, 1 + more);
      if (fitting < wanted) {
        log.info("memory for {} of {} pictures side by side", fitting, wanted);
      }
      return fitting;
    } catch (FarmException e) {
      log.debug("as many side by side as are wanted: the job cannot be planned", e);
      return wanted;
    }
  }

  /**
   * Whether freed memory may be kept where weights come and go: as much again is left as so many
   * pictures of such jobs take that share a pass under the plan.
   */
  public boolean hasMemoryToKeep(RenderJob job, RenderPlan plan, int pictures) {
    return plan.residency() == Residency.SEQUENTIAL
        && headroom(job, plan, pictures).filter(Headroom::isHalfLeft).isPresent();
  }

  /**
   * Why there is no room for something more while so many pictures of such jobs share a pass under
   * the plan; empty when there is, or when the job cannot be planned.
   *
   * @param bytes that it takes
   */
  public Optional<String> memoryShortage(RenderJob job, RenderPlan plan, int pictures, long bytes) {
    return headroom(job, plan, pictures).flatMap(headroom -> headroom.shortage(bytes));
  }

  /** The budget and what a plan takes of it; empty if the job cannot be planned. */
  private Optional<Headroom> headroom(RenderJob job, RenderPlan plan, int pictures) {
    Variant variant = new Variant(pictures, plan.careful());
    try {
      PlanTable table =
          EngineFailures.during(FailureKind.INVALID_JOB, "plan", () -> table(job, variant));
      return Optional.of(new Headroom(table.budget(), peak(table, plan)));
    } catch (FarmException e) {
      log.debug("the room is not known: the job cannot be planned", e);
      return Optional.empty();
    }
  }

  private static long peak(PlanTable table, RenderPlan plan) {
    return table.row(plan).orElseGet(table::floor).peakBytes();
  }

  /**
   * The careful plan that takes the place of {@code plan}: with the VAE in float32 it may need
   * another residency, or tiles.
   */
  public RenderPlan withFloat32Vae(RenderJob job, RenderPlan plan) {
    if (!plan.careful() || settings.dtype() == Dtype.FLOAT32 || settings.residency().isPresent()) {
      return plan;
    }
    try {
      List<PlanRow> rows = table(job, new Variant(1, true)).rows();
      return rows.stream()
          .dropWhile(row -> !row.plan().withSafeguards().equals(plan))
          .filter(PlanRow::fits)
          .findFirst()
          .map(row -> row.plan().withSafeguards())
          .orElse(plan);
    } catch (FarmException e) {
      log.debug("the plan stays: the job cannot be planned", e);
      return plan;
    }
  }

  /** The plan for a job that cannot be planned. */
  public RenderPlan unknown() {
    return RenderPlan.of(settings.residency().orElse(Residency.RESIDENT));
  }

  /** Remembers that the plan ran out of memory, for jobs like this one. */
  public void recordOutOfMemory(RenderJob job, RenderPlan plan) {
    try {
      table(job).row(plan).ifPresent(row -> tooMuch.remember(job, row.peakBytes()));
    } catch (FarmException e) {
      log.debug("nothing is learnt from a job that cannot be planned", e);
    }
  }
}
