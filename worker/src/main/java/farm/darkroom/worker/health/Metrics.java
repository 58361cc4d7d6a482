package farm.darkroom.worker.health;

import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobState;
import farm.darkroom.worker.port.Renderer;
import farm.darkroom.worker.port.Residency;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.DoubleStream;

/** The worker's metrics in Prometheus' text format. Thread-safe. */
public final class Metrics {
  /** Bounds of the histograms, from a demo job's step to a job that waited overnight. */
  private static final Duration[] BOUNDS =
      DoubleStream.of(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200, 43_200)
          .mapToObj(seconds -> Duration.ofMillis((long) (seconds * 1000)))
          .toArray(Duration[]::new);

  /** Longer times are counted as this one, since a timer counts nanoseconds in a long. */
  private static final Duration LONGEST = Duration.ofDays(365);

  /** The number of values of a tag that are recorded; further ones are not. */
  private static final int MOST_SERIES = 100;

  private final PrometheusMeterRegistry registry = registry();
  private final Counter renewals = counter("darkroom.lease.renewals", "leases that were renewed");
  private final Counter losses =
      counter("darkroom.lease.losses", "leases that were lost before the job was done");
  private final Counter skipped =
      counter("darkroom.jobs.skipped", "jobs that were found stored by an earlier delivery");
  private final Counter bytes = counter("darkroom.upload.bytes", "bytes put into the store");
  private final Timer uploads = timer("darkroom.upload", "an object put into the store");
  private final Timer waits = timer("darkroom.queue.wait", "from submission to lease");
  private final Map<JobState, Counter> jobs = new EnumMap<>(JobState.class);

  public Metrics(WorkerStatus status) {
    Gauge.builder("darkroom.worker.ready", status, v -> v.now().ready() ? 1 : 0)
        .description("1 while the worker takes jobs")
        .register(registry);
    Gauge.builder("darkroom.memory.resident", ProcessMemory::residentBytes)
        .baseUnit("bytes")
        .description("resident memory of the process, the engine's included")
        .register(registry);
    for (Residency residency : Residency.values()) {
      Gauge.builder("darkroom.residency", status, v -> v.isResidency(residency) ? 1 : 0)
          .tag("residency", residency.label())
          .description("1 for where the last render had its weights")
          .register(registry);
    }
    for (JobState state : JobState.values()) {
      jobs.put(state, jobs(state));
    }
    new JvmMemoryMetrics().bindTo(registry);
  }

  /** Jobs choose models and sizes freely, and a series stays for as long as the worker lives. */
  private static PrometheusMeterRegistry registry() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    for (String meter : List.of("darkroom.step", "darkroom.render")) {
      for (String tag : List.of("model", "size")) {
        registry
            .config()
            .meterFilter(
                MeterFilter.maximumAllowableTags(meter, tag, MOST_SERIES, MeterFilter.deny()));
      }
    }
    return registry;
  }

  /**
   * Adds a gauge of the jobs that are being stored.
   *
   * @param storing says how many those are now
   */
  public void watch(IntSupplier storing) {
    Gauge.builder("darkroom.jobs.storing", storing::getAsInt)
        .description("jobs that are rendered and not yet acknowledged")
        .register(registry);
  }

  /** Counts what the renderer's caches save. */
  public void watch(Renderer renderer) {
    for (int i = 0; i < renderer.caches().size(); i++) {
      int place = i;
      String cache = renderer.caches().get(i).cache();
      FunctionCounter.builder("darkroom.cache.hits", renderer, r -> r.caches().get(place).hits())
          .tag("cache", cache)
          .description("times that a text had been encoded, or a model was open")
          .register(registry);
      FunctionCounter.builder(
              "darkroom.cache.misses", renderer, r -> r.caches().get(place).misses())
          .tag("cache", cache)
          .description("times that a text was encoded, or a model opened")
          .register(registry);
    }
  }

  /** An event of a job was published: started, stored, failed, dead, cancelled, queued again. */
  public void announced(JobState state) {
    jobs.get(state).increment();
  }

  /** A job failed here, or was refused. */
  public void failed(FailureKind kind) {
    Counter.builder("darkroom.failures")
        .tag("kind", kind.name().toLowerCase(Locale.ROOT))
        .description("jobs that failed here, by kind")
        .register(registry)
        .increment();
  }

  /** A job was there already, stored by an earlier delivery. */
  public void skipped() {
    skipped.increment();
  }

  /**
   * Counts how long a job had been on the queue when it was leased. When that began was said by the
   * clock of another machine, so the wait may be negative or absurdly long.
   */
  public void queueWait(Duration wait) {
    Duration counted = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    waits.record(wait.isNegative() ? Duration.ZERO : counted);
  }

  /** A render succeeded. */
  public void rendered(String model, Residency residency, Duration took) {
    timer("darkroom.render", "a job's render", "model", model, "residency", residency.label())
        .record(took);
  }

  /**
   * @param size width and height, such as {@code 1024x1024}
   */
  public void step(String model, String size, Duration took) {
    timer("darkroom.step", "a denoising step", "model", model, "size", size).record(took);
  }

  public void renewed() {
    renewals.increment();
  }

  public void leaseLost() {
    losses.increment();
  }

  public void uploaded(long size, Duration took) {
    uploads.record(took);
    bytes.increment((double) size);
  }

  /** Everything, in the text exposition format 0.0.4. */
  public String scrape() {
    return registry.scrape();
  }

  private Counter jobs(JobState state) {
    return Counter.builder("darkroom.jobs")
        .tag("outcome", state.label())
        .description("what became of jobs here; queued: handed back with all its deliveries")
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }

  private Timer timer(String name, String description, String... tags) {
    return Timer.builder(name)
        .description(description)
        .tags(tags)
        .serviceLevelObjectives(BOUNDS)
        .register(registry);
  }
}
