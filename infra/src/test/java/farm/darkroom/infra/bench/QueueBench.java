package farm.darkroom.infra.bench;

import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.store.ResultStore;
import farm.darkroom.infra.box.FarmBox;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.worker.Connections;
import farm.darkroom.worker.Worker;
import farm.darkroom.worker.WorkerSettings;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a job costs beside its render: a real broker and store, one real worker, a renderer that
 * does nothing.
 *
 * <pre>QueueBench FOLDER JOBS BURST</pre>
 */
final class QueueBench {
  private static final int WARM_UP = 20;
  private static final double ALLOWED = 50;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private final JobPublisher publisher;
  private final Passages passages;
  private long seed;

  private QueueBench(JobPublisher publisher, Passages passages) {
    this.publisher = publisher;
    this.passages = passages;
  }

  public static void main(String[] arguments) throws InterruptedException {
    int jobs = Integer.parseInt(arguments[1]);
    int burst = Integer.parseInt(arguments[2]);
    try (FarmBox box = FarmBox.start(Path.of(arguments[0]), 0, 0)) {
      serve(box.farm(), jobs, burst);
    }
  }

  private static void serve(Farm farm, int jobs, int burst) throws InterruptedException {
    Clock clock = Clock.systemUTC();
    Passages passages = new Passages();
    try (ResultStore store = farm.store();
        KafkaStopOrders orders = new KafkaStopOrders(farm.kafka(), clock);
        EventLog events = farm.events();
        ProgressLog progress = farm.progress(clock);
        JobPublisher publisher = farm.publisher();
        KafkaJobQueue queue = new KafkaJobQueue(farm.kafka(), farm.queue())) {
      WatchedQueue watched = new WatchedQueue(queue, passages);
      Connections connections =
          new Connections(watched, publisher, store, events, progress, orders);
      WorkerSettings settings = WorkerSettings.of("bench", farm.queue(), "cpu");
      Worker worker = new Worker(settings, connections, new InstantRenderer(passages), clock);
      start(worker);
      try {
        new QueueBench(publisher, passages).run(jobs, burst);
      } finally {
        worker.stop();
      }
    }
  }

  private static void start(Worker worker) {
    Runnable work = () -> worker.run().ifPresent(why -> say("gave up: %s", why.getMessage()));
    Thread thread = new Thread(work, "worker");
    thread.setDaemon(true);
    thread.start();
  }

  private void run(int jobs, int burst) throws InterruptedException {
    oneByOne(WARM_UP);
    report(oneByOne(jobs));
    say("%d jobs at once: %.1f jobs/s, publish to last accept", burst, rate(burst));
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    say("load average %.2f", system.getSystemLoadAverage());
  }

  /** A job's way, and when its publishing began. */
  private record Round(long published, Passage passage) {
    long before() {
      return passage.begun() - published;
    }

    long after() {
      return passage.accepted() - passage.ended();
    }
  }

  private List<Round> oneByOne(int count) throws InterruptedException {
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Posting posting = posting(seed++);
      long published = System.nanoTime();
      publisher.publish(Lane.NORMAL, List.of(posting));
      rounds.add(new Round(published, accepted()));
    }
    return rounds;
  }

  private double rate(int count) throws InterruptedException {
    List<Posting> postings = IntStream.range(0, count).mapToObj(i -> posting(seed++)).toList();
    long published = System.nanoTime();
    publisher.publish(Lane.NORMAL, postings);
    long last = published;
    for (int i = 0; i < count; i++) {
      last = accepted().accepted();
    }
    return count * 1e9 / (last - published);
  }

  private Passage accepted() throws InterruptedException {
    return passages
        .next(PATIENCE)
        .orElseThrow(() -> new IllegalStateException("no job was accepted within " + PATIENCE));
  }

  private static void report(List<Round> rounds) {
    say("%d jobs one at a time, after %d to warm up", rounds.size(), WARM_UP);
    line("publish -> lease", Milliseconds.of(rounds, r -> r.passage().leased() - r.published()));
    line("publish -> render begins", Milliseconds.of(rounds, Round::before));
    line("render ends -> accepted", Milliseconds.of(rounds, Round::after));
    Milliseconds both = Milliseconds.of(rounds, r -> r.before() + r.after());
    line("around the render", both);
    say("median %.1f ms of %.0f ms allowed", both.median(), ALLOWED);
  }

  private static void line(String what, Milliseconds took) {
    say("%-26s median %7.1f ms   p99 %7.1f ms", what, took.median(), took.percentile(99));
  }

  private static Posting posting(long seed) {
    String json = "{\"model\": \"demo\", \"prompt\": \"a red cube\", \"seed\": %d}".formatted(seed);
    RenderJob job = RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
    QueuedJob queued = new QueuedJob(job, Optional.empty(), Instant.now());
    return new Posting(queued.id().text(), queued.toJson());
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}
