package farm.darkroom.submitter.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.control.CancelJobs;
import farm.darkroom.submitter.control.Target;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.watch.JobCounts;
import farm.darkroom.submitter.watch.JobStateReader;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom cancel}. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header =
        "Cancel a job or a batch: waiting jobs never start, a running one stops at its next step.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom cancel night", "  darkroom cancel 9k9c61p53yeeac1kecqb19qrjv"})
public final class CancelCommand implements Callable<Integer> {
  @Parameters(paramLabel = "JOB|BATCH", description = "a job's id or a batch's name")
  private String name;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    Clock clock = Clock.systemUTC();
    farm.verify();
    try (ResultStore store = farm.store();
        EventLog events = farm.events();
        StopOrders orders = new KafkaStopOrders(farm.kafka(), clock)) {
      Target target = Target.of(name, events, store);
      Map<String, JobState> states = new HashMap<>();
      CancelJobs.Cancelled cancelled =
          new CancelJobs(orders, events, clock, CancelJobs.SETTLING)
              .cancel(
                  target.order(),
                  () -> {
                    states.putAll(
                        states(target.ids(), new JobStateReader(events, farm.deadLetters())));
                    return target.ids().stream()
                        .filter(id -> states.get(id) != JobState.DEAD)
                        .toList();
                  });
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%s cancelled: %s; 'darkroom resume %s' takes it back%n",
          target.order().label(), outcome(target, cancelled, states), name);
      out.flush();
    }
    return 0;
  }

  private static String outcome(
      Target target, CancelJobs.Cancelled cancelled, Map<String, JobState> states) {
    if (target.order().scope() == Scope.BATCH) {
      int all = target.ids().size();
      return cancelled.all() == 0
          ? "no job was waiting (%s)".formatted(JobCounts.of(states.values(), all))
          : "%d of %s".formatted(cancelled.all(), Counted.of(all, "job"));
    }
    if (states.containsValue(JobState.DEAD)) {
      return "it is dead, and is not to be redriven";
    }
    if (states.containsValue(JobState.STORED)) {
      return "it is stored, and stays so";
    }
    if (cancelled.stopped() == 1) {
      return "it neither waits nor runs";
    }
    return cancelled.waiting() == 1
        ? "it had not begun"
        : "it was not waiting, and stops at its next step if it runs";
  }

  /** Before the order. Dead are also those that no worker reported: by their events they wait. */
  private static Map<String, JobState> states(List<String> ids, JobStateReader reader) {
    Map<String, JobEvent> jobs = reader.read().jobs();
    return ids.stream()
        .filter(jobs::containsKey)
        .collect(Collectors.toMap(id -> id, id -> jobs.get(id).state(), (first, same) -> first));
  }
}
