package farm.darkroom.submitter.command;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom worker drain}. */
@Command(
    name = "drain",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Let a worker finish what it holds, take no more and leave.",
    description = "The order is for the worker that runs now; one started later takes jobs.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom worker drain box-17", "  darkroom worker drain box-17 --undo"})
public final class DrainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", description = "a worker that 'workers' shows")
  private String id;

  @Option(names = "--undo", description = "take the order back, before the worker has left")
  private boolean undo;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    Clock clock = Clock.systemUTC();
    farm.verify();
    try (StopOrders orders = new KafkaStopOrders(farm.kafka(), clock);
        ProgressLog progress = farm.progress()) {
      StopOrder order = new StopOrder(Scope.WORKER, id);
      if (undo) {
        orders.resume(order);
      } else {
        requireKnown(progress);
        orders.stop(order);
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("worker " + id + (undo ? " takes jobs again" : " takes no more jobs"));
    out.flush();
    return 0;
  }

  private void requireKnown(ProgressLog progress) {
    if (!progress.latest().containsKey(id)) {
      throw FarmException.invalidJob(
          "found worker '" + id + "', which was not heard of within the last hour");
    }
  }
}
