package farm.darkroom.submitter.audit;

import farm.darkroom.common.Counted;
import farm.darkroom.common.job.RenderRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What some jobs of a batch were rendered with and most were not: another dtype, or another file
 * under the same name, as where a model was replaced on some workers. Not thread-safe.
 */
final class MixedConditions {
  private static final int SHOWN = 12;
  private final Map<String, Map<String, Group>> groups = new LinkedHashMap<>();

  /** The number of jobs that were rendered under the same condition, and the id of the first. */
  private record Group(String first, int jobs) {
    private Group with(Group other) {
      return new Group(first, jobs + other.jobs);
    }
  }

  void add(RenderRecord record) {
    String job = record.id().text();
    add(job, "dtype", record.conditions().dtype());
    record
        .conditions()
        .weights()
        .forEach(file -> add(job, file.model() + " " + file.path(), file.sha256()));
  }

  private void add(String job, String what, String which) {
    groups
        .computeIfAbsent(what, name -> new LinkedHashMap<>())
        .merge(which, new Group(job, 1), Group::with);
  }

  /** Returns one finding for each condition that deviates from the most frequent one. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    groups.forEach((what, found) -> findings.addAll(findings(what, found)));
    return findings;
  }

  private static List<Finding> findings(String what, Map<String, Group> found) {
    String most =
        found.entrySet().stream()
            .max(Comparator.comparingInt(entry -> entry.getValue().jobs()))
            .map(Map.Entry::getKey)
            .orElseThrow();
    return found.entrySet().stream()
        .filter(entry -> !entry.getKey().equals(most))
        .map(entry -> finding(what, entry.getKey(), entry.getValue(), most))
        .toList();
  }

  private static Finding finding(String what, String which, Group jobs, String most) {
    return new Finding(
        jobs.first(),
        "was rendered with %s %s (%s of the batch), most with %s"
            .formatted(what, cut(which), Counted.of(jobs.jobs(), "job"), cut(most)));
  }

  private static String cut(String which) {
    return which.substring(0, Math.min(SHOWN, which.length()));
  }
}
