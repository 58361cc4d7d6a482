package farm.darkroom.submitter.command;

import farm.darkroom.common.Counted;
import farm.darkroom.common.FarmException;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.control.CancelJobs;
import farm.darkroom.submitter.control.CancelJobs.Resumed;
import farm.darkroom.submitter.control.Target;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom resume}. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Take back what 'cancel' did: jobs that are not stored go on the queue again.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom resume night", "  darkroom resume 9k9c61p53yeeac1kecqb19qrjv"})
public final class ResumeCommand implements Callable<Integer> {
  private static final int SHOWN = 3;

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
      StopOrder order = target.order();
      refuseInCancelledBatch(order, events, orders);
      Resumed resumed =
          new CancelJobs(orders, events, clock, CancelJobs.SETTLING)
              .resume(order, target.ids(), new Republisher(farm, batch(order)));
      return print(order, farm.queue(), resumed);
    }
  }

  /** Workers would drop the job again. */
  private static void refuseInCancelledBatch(StopOrder order, EventLog events, StopOrders orders) {
    Optional.ofNullable(events.latest().get(order.name()))
        .filter(event -> order.scope() == Scope.JOB)
        .flatMap(JobEvent::batch)
        .filter(batch -> orders.standing().contains(new StopOrder(Scope.BATCH, batch)))
        .ifPresent(
            batch -> {
              throw FarmException.invalidJob(
                  "job '%s' is of batch '%s', which is cancelled; 'darkroom resume %s' takes it back"
                      .formatted(order.name(), batch, batch));
            });
  }

  private static Optional<String> batch(StopOrder order) {
    return order.scope() == Scope.BATCH ? Optional.of(order.name()) : Optional.empty();
  }

  private int print(StopOrder order, String queue, Resumed resumed) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s resumed: %s%n", order.label(), outcome(resumed));
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    if (!resumed.settled()) {
      err.printf(
          "some workers had not heard of this yet and went on dropping jobs; resume once"
              + " more%n");
    }
    if (resumed.missing().isEmpty()) {
      return resumed.settled() ? 0 : 1;
    }
    err.printf(
        "%s stayed cancelled, never on queue '%s' (--queue names theirs): %s%n",
        Counted.of(resumed.missing().size(), "job"), queue, first(resumed.missing()));
    return 1;
  }

  private static String outcome(Resumed resumed) {
    int waiting = resumed.waiting().size();
    if (waiting == 0) {
      return resumed.missing().isEmpty() ? "no job had stopped" : "no job waits again";
    }
    int published = resumed.published().size();
    return Counted.of(waiting, "job")
        + (waiting == 1 ? " waits again" : " wait again")
        + (published == 0 ? "" : ", %d of them published again".formatted(published));
  }

  private static String first(Set<String> ids) {
    return ids.stream().sorted().limit(SHOWN).collect(Collectors.joining(", "));
  }
}
