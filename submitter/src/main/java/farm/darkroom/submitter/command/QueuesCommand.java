package farm.darkroom.submitter.command;

import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaQueueStatus;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.queue.QueueStatus;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.submitter.watch.Fleet;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code darkroom queues}. */
@Command(
    name = "queues",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    abbreviateSynopsis = true,
    header = "Show all queues of the broker; pause one, or let it go on.",
    subcommands = {QueuePauseCommand.class, QueueResumeCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {"  darkroom queues --json", "  darkroom queues pause posters"})
public final class QueuesCommand implements Callable<Integer> {
  @Option(names = "--json", description = "one JSON object a line")
  private boolean json;

  @Mixin private FarmOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Farm farm = options.farm();
    Clock clock = Clock.systemUTC();
    PrintWriter out = spec.commandLine().getOut();
    try (FarmTopics topics = farm.topics();
        ProgressLog progress = farm.progress(clock);
        StopOrders orders = new KafkaStopOrders(farm.kafka(), clock)) {
      Fleet fleet = Fleet.read(progress, clock.instant());
      for (String queue : topics.queues()) {
        QueueLine line = new QueueLine(read(farm, queue), fleet, orders.isPaused(queue));
        out.println(json ? line.json().toString() : line.text());
      }
    }
    out.flush();
    return 0;
  }

  private static QueueStatus read(Farm farm, String queue) {
    try (KafkaQueueStatus status = new KafkaQueueStatus(farm.kafka(), queue)) {
      return status.read();
    }
  }
}
