package farm.darkroom.infra.exporter;

import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.QueueStatus.LaneStatus;
import farm.darkroom.submitter.command.QueueLine;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The state of the queues as Prometheus gauges. Thread-safe. */
public final class QueueGauges {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MultiGauge depth = gauge("depth", "jobs that are not done: waiting or leased");
  private final MultiGauge oldest = gauge("oldest.seconds", "age of the oldest job, 0 for none");
  private final MultiGauge inFlight = gauge("in.flight", "jobs that workers hold");
  private final MultiGauge dead = gauge("dead.letters", "dead letters on the dead letter topic");
  private final MultiGauge workers = gauge("workers", "workers heard from recently");
  private final MultiGauge sick = gauge("sick.workers", "those of them that take no jobs");
  private final MultiGauge paused = gauge("paused", "1 while workers are told to take no jobs");

  /** These queues, and no others, in Prometheus' text format. */
  public synchronized String text(List<QueueLine> queues) {
    lanes(queues);
    rows(inFlight, queues, QueueLine::inFlight);
    rows(dead, queues, queue -> queue.status().deadLetters());
    rows(workers, queues, QueueLine::workers);
    rows(sick, queues, QueueLine::sick);
    rows(paused, queues, queue -> queue.paused() ? 1 : 0);
    return registry.scrape();
  }

  private MultiGauge gauge(String name, String what) {
    return MultiGauge.builder("darkroom.queue." + name).description(what).register(registry);
  }

  private void lanes(List<QueueLine> queues) {
    List<Row<?>> depths = new ArrayList<>();
    List<Row<?>> ages = new ArrayList<>();
    for (QueueLine queue : queues) {
      for (Lane lane : Lane.values()) {
        LaneStatus status = queue.status().lanes().get(lane);
        Tags tags = Tags.of("queue", queue.status().queue(), "lane", lane.label());
        depths.add(Row.of(tags, status.depth()));
        ages.add(Row.of(tags, age(status.oldest(), queue.heartbeats().at())));
      }
    }
    depth.register(depths, true);
    oldest.register(ages, true);
  }

  private static double age(Optional<Instant> oldest, Instant now) {
    return oldest.map(at -> Duration.between(at, now).toMillis() / 1000.0).orElse(0.0);
  }

  private static void rows(
      MultiGauge gauge, List<QueueLine> queues, ToLongFunction<QueueLine> count) {
    List<Row<?>> rows = new ArrayList<>();
    for (QueueLine queue : queues) {
      rows.add(Row.of(Tags.of("queue", queue.status().queue()), count.applyAsLong(queue)));
    }
    gauge.register(rows, true);
  }
}
