package farm.darkroom.infra.exporter;

import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaQueueStatus;
import farm.darkroom.common.kafka.KafkaStopOrders;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.queue.ProgressLog;
import farm.darkroom.common.queue.QueueStatus;
import farm.darkroom.common.queue.QueueStatus.LaneStatus;
import farm.darkroom.common.queue.StopOrders;
import farm.darkroom.submitter.farm.Farm;
import farm.darkroom.submitter.watch.Fleet;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All queues of a broker as Prometheus gauges, read anew for each scrape. Connections stay open
 * from scrape to scrape. Thread-safe: one scrape at a time.
 */
public final class QueueGauges implements AutoCloseable {
  private final Farm farm;
  private final Clock clock;
  private final FarmTopics topics;
  private final ProgressLog progress;
  private final StopOrders orders;
  private final Map<String, KafkaQueueStatus> readers = new HashMap<>();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MultiGauge depth = gauge("depth", "jobs that are not done, waiting or leased");
  private final MultiGauge oldest = gauge("oldest.seconds", "age of the oldest job, 0 for none");
  private final MultiGauge inFlight = gauge("in.flight", "jobs that workers hold");
  private final MultiGauge dead = gauge("dead.letters", "dead letters that lie there");
  private final MultiGauge workers = gauge("workers", "workers that were heard lately");
  private final MultiGauge sick = gauge("sick.workers", "those of them that take no jobs");
  private final MultiGauge paused = gauge("paused", "1 while workers are told to take no jobs");

  public QueueGauges(Farm farm, Clock clock) {
    this.farm = farm;
    this.clock = clock;
    this.topics = farm.topics();
    this.progress = farm.progress(clock);
    this.orders = new KafkaStopOrders(farm.kafka(), clock);
  }

  /**
   * Reads the queues.
   *
   * @return Prometheus' text format
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  public synchronized String scrape() {
    Instant now = clock.instant();
    List<QueueStatus> queues = topics.queues().stream().map(this::read).toList();
    Fleet fleet = Fleet.read(progress, now);
    lanes(queues, now);
    rows(inFlight, queues, queue -> fleet.inFlight(queue.queue()));
    rows(dead, queues, QueueStatus::deadLetters);
    rows(workers, queues, queue -> fleet.serving(queue.queue()).size());
    rows(sick, queues, queue -> sick(fleet, queue));
    rows(paused, queues, queue -> orders.isPaused(queue.queue()) ? 1 : 0);
    return registry.scrape();
  }

  @Override
  public synchronized void close() {
    readers.values().forEach(KafkaQueueStatus::close);
    orders.close();
    progress.close();
    topics.close();
    registry.close();
  }

  private interface Count {
    long of(QueueStatus queue);
  }

  private MultiGauge gauge(String name, String what) {
    return MultiGauge.builder("darkroom.queue." + name).description(what).register(registry);
  }

  private QueueStatus read(String queue) {
    return readers.computeIfAbsent(queue, name -> new KafkaQueueStatus(farm.kafka(), name)).read();
  }

  private void lanes(List<QueueStatus> queues, Instant now) {
    List<Row<?>> depths = new ArrayList<>();
    List<Row<?>> ages = new ArrayList<>();
    for (QueueStatus queue : queues) {
      for (Lane lane : Lane.values()) {
        LaneStatus status = queue.lanes().get(lane);
        Tags tags = Tags.of("queue", queue.queue(), "lane", lane.label());
        depths.add(Row.of(tags, status.depth()));
        ages.add(Row.of(tags, age(status.oldest(), now)));
      }
    }
    depth.register(depths, true);
    oldest.register(ages, true);
  }

  private static double age(Optional<Instant> oldest, Instant now) {
    return oldest.map(at -> Duration.between(at, now).toMillis() / 1000.0).orElse(0.0);
  }

  private static long sick(Fleet fleet, QueueStatus queue) {
    return fleet.serving(queue.queue()).stream().filter(beat -> beat.trouble().isPresent()).count();
  }

  private static void rows(MultiGauge gauge, List<QueueStatus> queues, Count count) {
    List<Row<?>> rows = new ArrayList<>();
    for (QueueStatus queue : queues) {
      rows.add(Row.of(Tags.of("queue", queue.queue()), count.of(queue)));
    }
    gauge.register(rows, true);
  }
}
