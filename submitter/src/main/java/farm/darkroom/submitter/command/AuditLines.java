package farm.darkroom.submitter.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.Counted;
import farm.darkroom.common.json.Json;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.Finding;
import farm.darkroom.submitter.audit.JobOutcome;
import java.util.ArrayList;
import java.util.List;

/** The result of an audit, as text for people and as JSON for scripts. */
final class AuditLines {
  private static final int MOST_SHOWN = 100;

  private AuditLines() {}

  /** The sum in the first line, the verdict in the last. */
  static String text(AuditReport report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d submitted = %d stored + %d dead + %d cancelled + %d open + %d lost"
            .formatted(
                report.submitted(),
                report.of(JobOutcome.STORED),
                report.of(JobOutcome.DEAD),
                report.of(JobOutcome.CANCELLED),
                report.of(JobOutcome.OPEN),
                report.of(JobOutcome.LOST)));
    add(lines, "violation", report.violations());
    add(lines, "remark", report.remarks());
    lines.add(
        report.isClean()
            ? "clean"
            : "not clean: " + Counted.of(report.violations().size(), "violation"));
    return String.join(System.lineSeparator(), lines);
  }

  static ObjectNode json(AuditReport report) {
    ObjectNode node = Json.object();
    node.put("submitted", report.submitted());
    for (JobOutcome ending : JobOutcome.values()) {
      node.put(ending.label(), report.of(ending));
    }
    node.put("clean", report.isClean());
    add(node.putArray("violations"), report.violations());
    add(node.putArray("remarks"), report.remarks());
    return node;
  }

  private static void add(List<String> lines, String what, List<Finding> findings) {
    findings.stream()
        .limit(MOST_SHOWN)
        .forEach(found -> lines.add("  %s: %s %s".formatted(what, found.job(), found.what())));
    if (findings.size() > MOST_SHOWN) {
      lines.add("  and " + Counted.of(findings.size() - MOST_SHOWN, "more " + what));
    }
  }

  private static void add(ArrayNode array, List<Finding> findings) {
    for (Finding found : findings) {
      array.addObject().put("job", found.job()).put("what", found.what());
    }
  }
}
