package farm.darkroom.submitter.command;

import farm.darkroom.common.queue.StopOrders;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
  @Mixin private NamedQueue queue;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    queue.order(StopOrders::resume);
    PrintWriter out = spec.commandLine().getOut();
    out.println("queue " + queue.name() + " goes on");
    out.flush();
    return 0;
  }
}
