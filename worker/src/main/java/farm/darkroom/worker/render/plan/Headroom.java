package farm.darkroom.worker.render.plan;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * The memory that a plan leaves free.
 *
 * @param budget what there is
 * @param peak bytes that the plan takes of it at most
 */
record Headroom(Budget budget, long peak) {
  Headroom {
    requireNonNull(budget, "budget");
  }

  /** Whether the plan takes at most half of the budget. */
  boolean isHalfLeft() {
    return budget.bytes() >= 2 * peak;
  }

  /**
   * Why further memory cannot be used; empty if it can.
   *
   * @param bytes that it takes
   */
  Optional<String> shortage(long bytes) {
    long left = Math.max(0, budget.bytes() - peak);
    return left >= bytes
        ? Optional.empty()
        : Optional.of(
            "needs %s, the plan leaves %s of %s (%s)"
                .formatted(
                    MemorySize.text(bytes),
                    MemorySize.text(left),
                    MemorySize.text(budget.bytes()),
                    budget.source()));
  }
}
