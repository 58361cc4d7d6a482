package farm.darkroom.submitter.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.kafka.KafkaPublishedJobs;
import farm.darkroom.common.kafka.KafkaQueueStatus;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.audit.Audit;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.Finding;
import farm.darkroom.submitter.audit.JobOutcome;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.submit.Manifests;
import farm.darkroom.submitter.watch.JobStateReader;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom audit}. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Prove that no job was lost, doubled or damaged; exit code 1 when one was.",
    description =
        "Reads the queue, the events, the dead letters and the store, and changes nothing: submitted"
            + " = stored + dead + cancelled + open; every record has its images, every image has its"
            + " record, every picture has the SHA-256 that its record names.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom audit night", "  darkroom audit --quick --json"})
public final class AuditCommand implements Callable<Integer> {
  private static final int VIOLATED = 1;

  @Parameters(
      paramLabel = "BATCH",
      arity = "0..1",
      description = "default: everything ever published on the queue")
  private String batch;

  @Option(names = "--quick", description = "compare sizes only; read records but no pictures")
  private boolean quick;

  @Option(names = "--json", description = "one JSON object")
  private boolean json;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    farm.verify();
    try (ResultStore store = farm.store();
        EventLog events = farm.events()) {
      AuditReport report = report(farm, store, events);
      PrintWriter out = spec.commandLine().getOut();
      out.println(json ? AuditLines.json(report).toString() : AuditLines.text(report));
      out.flush();
      if (batch != null && report.of(JobOutcome.LOST) > 0) {
        hint(farm, report);
      }
      return report.isClean() ? 0 : VIOLATED;
    }
  }

  /** A batch does not say on which queue it is. */
  private void hint(Farm farm, AuditReport report) {
    Set<String> published = new KafkaPublishedJobs(farm.kafka(), farm.queue()).names();
    long strangers =
        report.violations().stream()
            .map(Finding::job)
            .distinct()
            .filter(job -> !published.contains(job))
            .count();
    if (strangers > 0) {
      spec.commandLine()
          .getErr()
          .printf(
              "never published on queue '%s': %s of these;"
                  + " name theirs with --queue, or submit the batch again%n",
              farm.queue(), Counted.of(strangers, "job"));
    }
  }

  private AuditReport report(Farm farm, ResultStore store, EventLog events) {
    Audit audit = new Audit(store, new JobStateReader(events, farm.deadLetters()), !quick);
    if (batch == null) {
      Collection<String> all = new KafkaPublishedJobs(farm.kafka(), farm.queue()).names();
      return audit.ofQueue(all, isIdle(farm));
    }
    return audit.of(new Manifests(store).require(batch).ids(), isIdle(farm));
  }

  /** Asked before the events are read: what the queue has handed out for good has its events. */
  private static boolean isIdle(Farm farm) {
    try (KafkaQueueStatus status = new KafkaQueueStatus(farm.kafka(), farm.queue())) {
      return status.read().depth() == 0;
    }
  }
}
