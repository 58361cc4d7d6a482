package farm.darkroom.submitter.command;

import farm.darkroom.common.queue.StopOrders;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code darkroom queues pause}. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Stop workers from taking jobs of a queue until it is resumed.",
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom queues pause default", "  darkroom queues pause posters"})
public final class QueuePauseCommand implements Callable<Integer> {
  @Mixin private NamedQueue queue;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    queue.order(StopOrders::stop);
    PrintWriter out = spec.commandLine().getOut();
    out.println("queue " + queue.name() + " is paused: its workers finish what they hold");
    out.flush();
    return 0;
  }
}
