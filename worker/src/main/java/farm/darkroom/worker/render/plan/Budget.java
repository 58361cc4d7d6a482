package farm.darkroom.worker.render.plan;

import static java.util.Objects.requireNonNull;

/**
 * The memory of the device that this process may use, including what it uses already.
 *
 * @param bytes never negative
 * @param source what sets the bound, such as {@code --memory-limit}
 * @param typed whether a person set it
 */
public record Budget(long bytes, String source, boolean typed) {

  public Budget {
    requireNonNull(source, "source");
    bytes = Math.max(0, bytes);
  }

  /** The smaller of two budgets. */
  Budget orLess(Budget other) {
    return other.bytes < bytes ? other : this;
  }
}
