package farm.darkroom.submitter.command;

import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.submit.Manifests;
import farm.darkroom.submitter.watch.JobBoard;
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
      paramLabel = "BATCH",
      arity = "0..1",
      description = "default: all jobs that are not over now")
  private String batch;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    farm.verify();
    try (ResultStore store = farm.store();
        EventLog events = farm.events()) {
      List<String> ids = batch == null ? open(farm, events) : ofBatch(store);
      return new Watching(farm, store, events)
          .until(ids, Optional.ofNullable(batch), spec.commandLine().getErr());
    }
  }

  private List<String> ofBatch(ResultStore store) {
    return new Manifests(store).require(batch).ids();
  }

  private static List<String> open(Farm farm, EventLog events) {
    return new JobBoard(events, farm.deadLetters())
        .read().jobs().values().stream()
            .filter(job -> !job.state().isEnd())
            .map(job -> job.jobId())
            .toList();
  }
}
