package farm.darkroom.submitter.command;

import farm.darkroom.common.kafka.KafkaStopOrders;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code darkroom queues resume}. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Let workers take jobs of a paused queue again.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom queues resume default", "  darkroom queues resume posters"})
public final class QueueResumeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "NAME", description = "the queue")
  private String name;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    new Farm(farm.kafka(), farm.s3(), name).verify();
    try (StopOrders orders = new KafkaStopOrders(farm.kafka(), Clock.systemUTC())) {
      orders.resume(new StopOrder(Scope.QUEUE, name));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("queue " + name + " goes on");
    out.flush();
    return 0;
  }
}
