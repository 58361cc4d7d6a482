package farm.darkroom.worker;

import farm.darkroom.common.job.JobState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;

/** What the worker counts, in Prometheus' text form. Thread-safe. */
final class Metrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  Metrics(Vitals vitals) {
    Gauge.builder("darkroom.worker.ready", vitals, v -> v.now().ready() ? 1 : 0)
        .description("1 while the worker takes jobs")
        .register(registry);
    Gauge.builder("darkroom.memory.resident", ProcessMemory::residentBytes)
        .baseUnit("bytes")
        .description("resident memory of the process, the engine's included")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
  }

  /** From now on it is told how many jobs hang in the rack. */
  void watch(Rack rack) {
    Gauge.builder("darkroom.jobs.storing", rack, Rack::size)
        .description("jobs that are rendered and not yet acknowledged")
        .register(registry);
  }

  /** Something was said of a job: started, stored, failed, dead, cancelled, queued again. */
  void said(JobState state) {
    registry.counter("darkroom.jobs", "outcome", state.name().toLowerCase(Locale.ROOT)).increment();
  }

  /** A job was there already, stored by an earlier delivery. */
  void skipped() {
    registry.counter("darkroom.jobs.skipped").increment();
  }

  /** How long a job had been on the queue when it was leased; clocks of two machines. */
  void queueWait(Duration wait) {
    registry.timer("darkroom.queue.wait").record(wait.isNegative() ? Duration.ZERO : wait);
  }

  /** A render came out. */
  void rendered(String model, Residency residency, Duration took) {
    timer("darkroom.render", "model", model, "residency", residency.label()).record(took);
  }

  /**
   * @param size such as {@code 1024x1024}
   */
  void step(String model, String size, Duration took) {
    timer("darkroom.step", "model", model, "size", size).record(took);
  }

  void renewed() {
    registry.counter("darkroom.lease.renewals").increment();
  }

  void leaseLost() {
    registry.counter("darkroom.lease.losses").increment();
  }

  void uploaded(long bytes, Duration took) {
    registry.timer("darkroom.upload").record(took);
    registry.counter("darkroom.upload.bytes").increment(bytes);
  }

  /** Everything, in the text exposition format 0.0.4. */
  String scrape() {
    return registry.scrape();
  }

  private Timer timer(String name, String... tags) {
    return Timer.builder(name).tags(tags).publishPercentileHistogram(false).register(registry);
  }
}
