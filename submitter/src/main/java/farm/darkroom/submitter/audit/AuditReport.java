package farm.darkroom.submitter.audit;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What an audit found.
 *
 * @param endings how many jobs ended how; together they are all that was submitted
 * @param violations what breaks the farm's promise
 * @param remarks what is odd and does no harm
 */
public record AuditReport(
    Map<JobOutcome, Integer> endings, List<Finding> violations, List<Finding> remarks) {

  public AuditReport {
    EnumMap<JobOutcome, Integer> sorted = new EnumMap<>(JobOutcome.class);
    sorted.putAll(endings);
    endings = Collections.unmodifiableMap(sorted);
    violations = List.copyOf(violations);
    remarks = List.copyOf(remarks);
  }

  public int of(JobOutcome ending) {
    return endings.getOrDefault(ending, 0);
  }

  public int submitted() {
    return endings.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether no violation was found. Jobs may still be open. */
  public boolean isClean() {
    return violations.isEmpty();
  }
}
