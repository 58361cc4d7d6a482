package farm.darkroom.worker.stage;

import farm.darkroom.common.Sha256;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.job.QueuedJob;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.RenderRecord;
import farm.darkroom.common.job.StoredImage;
import farm.darkroom.common.queue.InMemoryBroker;
import farm.darkroom.common.queue.InMemoryEventLog;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.common.store.InMemoryResultStore;
import farm.darkroom.common.store.StoreKeys;
import farm.darkroom.worker.health.ManualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A whole farm in memory: one queue, one store, one event log, and time that stands still. */
public final class InMemoryFarm {
  static final Duration LEASE_TIME = Duration.ofSeconds(30);
  static final int DELIVERY_LIMIT = 3;
  final ManualTime time = new ManualTime();
  public final InMemoryBroker broker;
  public final InMemoryEventLog events = new InMemoryEventLog();
  public final InMemoryResultStore store = new InMemoryResultStore();

  public InMemoryFarm() {
    this(DELIVERY_LIMIT);
  }

  public InMemoryFarm(int deliveryLimit) {
    broker = new InMemoryBroker(time, LEASE_TIME, deliveryLimit);
  }

  /**
   * Puts a job on the queue.
   *
   * @return its id
   */
  String submit(String json) {
    RenderJob job = RenderJob.fromJson(json.getBytes(StandardCharsets.UTF_8));
    QueuedJob queued = new QueuedJob(job, Optional.of("night"), time.instant());
    publish(queued.id().text(), queued.toJson());
    return queued.id().text();
  }

  /** A job that differs from others by its seed. */
  public String submitSeed(long seed) {
    return submit(
        "{\"model\": \"demo\", \"prompt\": \"a red ball\", \"seed\": %d}".formatted(seed));
  }

  void publish(String key, byte[] payload) {
    broker.publish(Lane.NORMAL, List.of(new Posting(key, payload)));
  }

  /** The states that the job went through. */
  List<JobState> states(String key) {
    return events.all().stream()
        .filter(event -> event.jobId().equals(key))
        .map(JobEvent::state)
        .toList();
  }

  JobEvent lastEvent(String key) {
    return events.latest().get(key);
  }

  public boolean stored(String jobId) {
    return store.exists(StoreKeys.record(jobId));
  }

  RenderRecord record(String jobId) {
    return RenderRecord.fromJson(store.get(StoreKeys.record(jobId), 1 << 20).orElseThrow());
  }

  /** The hashes that the record holds. */
  List<String> recordedHashes(String jobId) {
    return record(jobId).images().stream().map(StoredImage::sha256).toList();
  }

  String storedHash(String jobId, int index) {
    return Sha256.hex(store.get(StoreKeys.output(jobId, index, "png"), 1 << 20).orElseThrow());
  }
}
