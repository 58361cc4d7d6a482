package farm.darkroom.submitter.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.control.CancelJobs;
import farm.darkroom.submitter.control.Target;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.watch.DeadJob;
import farm.darkroom.submitter.watch.JobStateReader;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
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
      Set<String> dead = new HashSet<>();
      int waiting =
          new CancelJobs(orders, events, clock, CancelJobs.SETTLING)
              .cancel(
                  target.order(),
                  () -> {
                    dead.addAll(dead(new JobStateReader(events, farm.deadLetters())));
                    return target.ids().stream().filter(id -> !dead.contains(id)).toList();
                  });
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          "%s cancelled: %s; 'darkroom resume %s' takes it back%n",
          target.order().label(), outcome(target, waiting, dead), name);
      out.flush();
    }
    return 0;
  }

  private static String outcome(Target target, int waiting, Set<String> dead) {
    if (target.order().scope() == Scope.BATCH) {
      return "%d of %s had not begun".formatted(waiting, Counted.of(target.ids().size(), "job"));
    }
    if (dead.containsAll(target.ids())) {
      return "it is dead, and is not to be redriven";
    }
    return waiting == 1
        ? "it had not begun"
        : "it was not waiting, and stops at its next step if it runs";
  }

  /** Also those that no worker reported: by their events they still wait. */
  private static Set<String> dead(JobStateReader reader) {
    return reader.read().dead().stream().map(DeadJob::id).collect(Collectors.toSet());
  }
}
