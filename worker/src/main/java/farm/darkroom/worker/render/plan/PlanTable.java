package farm.darkroom.worker.render.plan;

import static java.util.Objects.requireNonNull;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.FarmException;
import farm.darkroom.worker.port.RenderPlan;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All ways to render a job, the preferred one first.
 *
 * @param rows never empty
 * @param budget that they are held against
 */
public record PlanTable(List<PlanRow> rows, Budget budget) {

  public PlanTable {
    rows = List.copyOf(rows);
    requireNonNull(budget, "budget");
  }

  /** The first row that fits; empty if none does. */
  public Optional<PlanRow> chosen() {
    return rows.stream().filter(PlanRow::fits).findFirst();
  }

  /** The row that needs the least memory. */
  public PlanRow floor() {
    return rows.stream().min(Comparator.comparingLong(PlanRow::peakBytes)).orElseThrow();
  }

  /** The row of a plan, careful or not; empty when it is not among the ways. */
  Optional<PlanRow> row(RenderPlan plan) {
    return rows.stream()
        .filter(row -> row.plan().residency() == plan.residency())
        .filter(row -> row.plan().tiles() == plan.tiles())
        .findFirst();
  }

  /** One line: what was chosen and why, or what is missing. */
  public String why() {
    return chosen().map(this::chosen).orElseGet(this::missing);
  }

  private String chosen(PlanRow row) {
    String bound = "%s (%s)".formatted(MemorySize.text(budget.bytes()), budget.source());
    if (row.equals(rows.get(0))) {
      return "%s: needs %s of %s".formatted(row.name(), MemorySize.text(row.peakBytes()), bound);
    }
    PlanRow better = rows.get(rows.indexOf(row) - 1);
    return "%s: needs %s of %s; %s would need %s"
        .formatted(
            row.name(),
            MemorySize.text(row.peakBytes()),
            bound,
            better.name(),
            MemorySize.text(better.peakBytes()));
  }

  private String missing() {
    return "not enough memory: %s needs %s, there are %s (%s): %s are missing"
        .formatted(
            floor().name(),
            MemorySize.text(floor().peakBytes()),
            MemorySize.text(budget.bytes()),
            budget.source(),
            MemorySize.text(floor().peakBytes() - budget.bytes()));
  }

  /**
   * The first that fits.
   *
   * @throws FarmException OUT_OF_MEMORY saying what is missing
   */
  PlanRow orRefuse() {
    return chosen().orElseThrow(() -> new FarmException(FailureKind.OUT_OF_MEMORY, missing()));
  }
}
