package farm.darkroom.submitter.command;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.Heartbeat;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.watch.WorkerHeartbeats;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Optional;
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
    header = "Let a worker finish the jobs it holds, take no more and leave.",
    description =
        "The order applies to the worker that is running now; one started later takes"
            + " jobs. A worker that has gone silent (network trouble, a suspended host)"
            + " follows it when it is back; one that has left is given no order.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom worker drain box-17", "  darkroom worker drain box-17 --undo"})
public final class DrainCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ID", description = "a worker that 'workers' shows")
  private String id;

  @Option(names = "--undo", description = "withdraw the order, before the worker has left")
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
      boolean standing = undo && orders.standing().contains(order());
      if (!standing) {
        requireKnown(progress);
      }
      WorkerHeartbeats heartbeats = WorkerHeartbeats.read(progress, clock);
      Optional<Heartbeat> there = heartbeats.of(id);
      if (standing || there.isPresent()) {
        give(orders);
      }
      String absent =
          standing ? "is not running; if it comes back, it takes jobs" : "has left already";
      say(there.map(beat -> outcome(heartbeats, beat)).orElse(absent));
    }
    return 0;
  }

  private void requireKnown(ProgressLog progress) {
    if (!progress.latest().containsKey(id)) {
      throw FarmException.invalidJob(
          "found worker '" + id + "', which nobody has heard from in the last hour");
    }
  }

  private void give(StopOrders orders) {
    if (undo) {
      orders.resume(order());
    } else {
      orders.stop(order());
    }
  }

  private StopOrder order() {
    return new StopOrder(Scope.WORKER, id);
  }

  private String outcome(WorkerHeartbeats heartbeats, Heartbeat beat) {
    String then = undo ? "takes jobs again" : "takes no more jobs";
    return heartbeats.isGone(beat)
        ? "is gone, last heard from %d s ago; if it comes back, it %s"
            .formatted(heartbeats.silence(beat).toSeconds(), then)
        : then;
  }

  private void say(String what) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("worker " + id + " " + what);
    out.flush();
  }
}
