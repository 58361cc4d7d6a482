package farm.darkroom.submitter.command;

import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.StopOrder;
import farm.darkroom.common.queue.StopOrder.Scope;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import java.time.Clock;
import java.util.function.BiConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A queue that was given on the command line, and the farm that has it. */
final class NamedQueue {
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
      topics.verify(names);
    }
    try (StopOrders orders = new KafkaStopOrders(farm.kafka(), Clock.systemUTC())) {
      how.accept(orders, new StopOrder(Scope.QUEUE, name));
    }
  }
}
