package farm.darkroom.infra.chaos;

import farm.darkroom.common.FarmException;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.S3ResultStore;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.farm.FarmOptions;
import farm.darkroom.worker.Connections;
import farm.darkroom.worker.Worker;
import farm.darkroom.worker.WorkerSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The farm's worker with a renderer that needs no engine, and with fates. A process of its own. */
@Command(name = "chaos-worker")
final class ChaosWorker implements Callable<Integer> {
  private static final int CLOSING_SECONDS = 3;

  @Option(names = "--name", required = true)
  private String name;

  @Option(names = "--fate")
  private List<String> fates = new ArrayList<>();

  @Option(names = "--step-millis", defaultValue = "1")
  private long stepMillis;

  @Option(names = "--mood", defaultValue = "HEALTHY")
  private Mood mood;

  /** The seed of a clock that jumps. */
  @Option(names = "--jumps")
  private Optional<Long> jumps = Optional.empty();

  /** How far its clock is off. */
  @Option(names = "--ahead-seconds", defaultValue = "0")
  private long ahead;

  @Mixin private FarmOptions options;

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ChaosWorker()).execute(arguments));
  }

  @Override
  public Integer call() {
    FatedPorts ports = new FatedPorts(fates.stream().map(Fate::parse).toList());
    Clock real = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(ahead));
    Clock clock = jumps.<Clock>map(seed -> new JumpingClock(real, seed)).orElse(real);
    CountDownLatch closed = new CountDownLatch(1);
    try {
      return serve(options.farm(), ports, clock, closed);
    } finally {
      closed.countDown();
    }
  }

  private int serve(Farm farm, FatedPorts ports, Clock clock, CountDownLatch closed) {
    farm.verify();
    Duration step = Duration.ofMillis(stepMillis);
    try (SeededRenderer renderer = new SeededRenderer(mood, step, ports, clock);
        S3ResultStore store = farm.store();
        KafkaStopOrders orders = new KafkaStopOrders(farm.kafka(), clock);
        EventLog events = farm.events();
        ProgressLog progress = farm.progress();
        JobPublisher publisher = farm.publisher();
        KafkaJobQueue queue = new KafkaJobQueue(farm.kafka(), farm.queue())) {
      Connections connections =
          new Connections(
              ports.queue(queue),
              publisher,
              ports.store(store),
              ports.events(events),
              progress,
              orders);
      WorkerSettings settings = WorkerSettings.of(name, farm.queue(), "cpu");
      Worker worker = new Worker(settings, connections, renderer, clock);
      stopOnSignal(worker, closed);
      Optional<FarmException> why = worker.run();
      why.ifPresent(e -> System.err.println("gave up: " + e.getMessage()));
      return why.isPresent() ? 1 : 0;
    }
  }

  private static void stopOnSignal(Worker worker, CountDownLatch closed) {
    Runnable stop =
        () -> {
          try {
            boolean orderly = worker.stop() && closed.await(CLOSING_SECONDS, TimeUnit.SECONDS);
            System.err.println(orderly ? "left" : "left in a hurry");
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    Runtime.getRuntime().addShutdownHook(new Thread(stop, "departure"));
  }
}
