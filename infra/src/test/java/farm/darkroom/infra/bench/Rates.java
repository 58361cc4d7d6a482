package farm.darkroom.infra.bench;

import com.sun.management.OperatingSystemMXBean;
import farm.darkroom.common.queue.JobQueue;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.submitter.farm.Farm;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;

/**
 * Jobs per second: the bare share consumer and darkroom's worker in turn, on queues of their own
 * that are full when they come. The clock runs from the first accepted jobs of each to the last, so
 * that joining the group is nobody's cost: a worker joins for each lease that it comes to hold at a
 * time, which takes it some seconds.
 *
 * @param first how many they are
 */
record Rates(BenchFarm bench, int first) {

  /** Jobs per second, and what the whole JVM spent on each: broker, store and clients. */
  private record Rate(double jobs, double cpuMillis) {
    @Override
    public String toString() {
      return "%6.0f jobs/s (%.1f ms of CPU each)".formatted(jobs, cpuMillis);
    }
  }

  /**
   * Compares them.
   *
   * @param count jobs of a round, each of them
   * @param warmUp jobs of a round before, which does not count: broker and clients are one JVM
   *     here, whose code is compiled while it runs
   */
  void measure(int count, int rounds, int warmUp) {
    BenchFarm.say("to warm up  bare share consumer %s, worker %s", bare(warmUp), memory(warmUp));
    List<Double> ratios = new ArrayList<>();
    for (int i = 1; i <= rounds; i++) {
      Rate bare = bare(count);
      Rate memory = memory(count);
      ratios.add(memory.jobs() / bare.jobs());
      BenchFarm.say(
          "round %-5d bare share consumer %s, worker %s, ratio %.2f",
          i, bare, memory, ratios.get(i - 1));
    }
    BenchFarm.say(
        "worker to bare share consumer, median of %d rounds: %.2f", rounds, Median.of(ratios));
    BenchFarm.say("worker with the embedded store %s", stored(count));
  }

  @SuppressWarnings("try") // it works by itself
  private Rate bare(int count) {
    Farm farm = filled(count);
    AtomicInteger accepted = new AtomicInteger();
    try (BareConsumer consumer = new BareConsumer(farm, accepted)) {
      return rate(count, accepted::get);
    }
  }

  private Rate memory(int count) {
    try (ResultStore store = new InMemoryResultStore()) {
      return worker(filled(count), count, store);
    }
  }

  private Rate stored(int count) {
    Farm farm = filled(count);
    try (ResultStore store = farm.store()) {
      return worker(farm, count, store);
    }
  }

  @SuppressWarnings("try") // it works by itself
  private Rate worker(Farm farm, int count, ResultStore store) {
    AtomicInteger accepted = new AtomicInteger();
    UnaryOperator<JobQueue> counted =
        queue -> new WatchedQueue(queue, key -> {}, key -> accepted.incrementAndGet());
    try (BenchWorker worker =
        new BenchWorker("w1", farm, InstantRenderer.unwatched(), store, counted)) {
      return rate(count, accepted::get);
    }
  }

  private Farm filled(int count) {
    Farm farm = bench.farm();
    bench.jobs().publish(farm, count + first);
    return farm;
  }

  private Rate rate(int count, IntSupplier accepted) {
    BenchFarm.await("jobs", () -> accepted.getAsInt() >= first);
    int before = accepted.getAsInt();
    long begun = System.nanoTime();
    long cpu = cpuNanos();
    BenchFarm.await("jobs", () -> accepted.getAsInt() >= count + first);
    double jobs = count + first - before;
    return new Rate(jobs * 1e9 / (System.nanoTime() - begun), (cpuNanos() - cpu) / 1e6 / jobs);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
