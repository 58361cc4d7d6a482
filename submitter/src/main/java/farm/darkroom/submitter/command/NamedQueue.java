package farm.darkroom.submitter.command;

import static java.util.stream.Collectors.joining;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import java.time.Clock;
import java.util.List;
import java.util.function.BiConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The queue that somebody typed, and the farm that has it. */
final class NamedQueue {
  private static final int SHOWN = 20;

  @Parameters(paramLabel = "NAME", description = "the queue")
  private String name;

  @Mixin private FarmOptions options;

  String name() {
    return name;
  }

  /**
   * Gives the order that stops the queue, or takes it back.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE, also when there is no such queue
   */
  void order(BiConsumer<StopOrders, StopOrder> how) {
    Farm farm = options.farm();
    QueueNames names = new QueueNames(name);
    try (FarmTopics topics = farm.topics()) {
      requireThere(topics.queues());
      topics.verify(names);
    }
    try (StopOrders orders = new KafkaStopOrders(farm.kafka(), Clock.systemUTC())) {
      how.accept(orders, new StopOrder(Scope.QUEUE, name));
    }
  }

  private void requireThere(List<String> queues) {
    if (!queues.contains(name)) {
      throw FarmException.invalidJob(
          "no queue '%s'; %s"
              .formatted(
                  name,
                  queues.isEmpty()
                      ? "there is none; 'darkroom init' sets one up"
                      : "there is: " + queues.stream().limit(SHOWN).collect(joining(", "))));
    }
  }
}
