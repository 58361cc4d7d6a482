package farm.darkroom.infra.bench;

import farm.darkroom.common.Await;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.infra.box.FarmBox;
import farm.darkroom.submitter.farm.Farm;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** A broker, a store, and queues of their own for each measurement. */
record BenchFarm(FarmBox box, Path folder, Jobs jobs, AtomicInteger queues) {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  BenchFarm(FarmBox box, Path folder) {
    this(box, folder, new Jobs(), new AtomicInteger());
  }

  /** A new queue, so that nothing is left of the measurement before. */
  Farm farm(Duration leaseTime) {
    return farm(TopicPlan.DEFAULT.withLeaseTime(leaseTime));
  }

  private Farm farm(TopicPlan plan) {
    Farm shared = box.farm();
    String queue = "bench-" + queues.incrementAndGet();
    try (FarmTopics topics = shared.topics()) {
      topics.create(new QueueNames(queue), plan);
    }
    return new Farm(shared.kafka(), shared.s3(), queue);
  }

  Farm farm() {
    return farm(TopicPlan.DEFAULT);
  }

  static void await(String what, BooleanSupplier condition) {
    Await.until(what, PATIENCE, condition);
  }

  static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }

  /** How busy the machine was, which says what the numbers above are worth. */
  static void sayLoad() {
    say("load average %.2f", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }
}
