package farm.darkroom.submitter.command;

import farm.darkroom.common.job.JobId;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.submitter.control.Target;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.watch.JobStateReader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom watch}. */
@Command(
    name = "watch",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Show how far jobs are until all are done; exit code 1 when one died.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom watch", "  darkroom watch night && darkroom get --batch night"})
public final class WatchCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "BATCH|JOB",
      arity = "0..1",
      description = "default: all jobs that have not ended yet")
  private String name;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    farm.verify();
    try (ResultStore store = farm.store();
        EventLog events = farm.events()) {
      List<String> ids = name == null ? open(farm, events) : named(store, events);
      if (ids.isEmpty()) {
        spec.commandLine()
            .getErr()
            .println("there is nothing to watch: no job waits or is rendered");
        return 0;
      }
      return new WatchSession(farm, store, events)
          .until(ids, Optional.ofNullable(name), spec.commandLine().getErr());
    }
  }

  /** A job that is stored may be older than all that the log knows. */
  private List<String> named(ResultStore store, EventLog events) {
    Optional<String> id =
        Optional.of(name).filter(JobId::looksLike).map(typed -> JobId.parse(typed).text());
    return id.filter(stored -> store.exists(StoreKeys.record(stored)))
        .map(List::of)
        .orElseGet(() -> Target.of(name, events, store).ids());
  }

  private static List<String> open(Farm farm, EventLog events) {
    return new JobStateReader(events, farm.deadLetters())
        .read().jobs().values().stream()
            .filter(job -> !job.state().isEnd())
            .map(job -> job.jobId())
            .toList();
  }
}
