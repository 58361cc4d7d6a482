package farm.darkroom.common.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Which tracks may hold a job for this worker, so that it asks no others. Not thread-safe.
 *
 * <p>A job that is published moves its topic's end, which the broker tells at once. So a track that
 * had nothing for this worker has nothing until its end moves, but for jobs that come back: those
 * handed back, or of a worker that died. They show in the share group's depths, which do not say
 * whether a job waits or is leased. The depths are asked for every ten seconds, and nobody waits
 * for them: where two clients ask at a time, the broker (Kafka 4.4) answers one some two seconds
 * late.
 */
final class TrackNews {
  private static final long DEPTHS_NANOS = 10_000_000_000L;

  private final KafkaFailures failures;
  private final Supplier<Map<String, Long>> broker;
  private final Supplier<CompletableFuture<Map<String, Long>>> group;
  private final LongSupplier nanos;
  private final Map<String, Long> cleared = new HashMap<>();
  private Map<String, Long> ends = Map.of();
  private long readAt;
  private CompletableFuture<Depths> coming;
  private Depths depths;

  /**
   * How many jobs of each track are not done.
   *
   * @param before the tracks' ends before that was asked
   */
  private record Depths(Map<String, Long> of, Map<String, Long> before, long at) {}

  /**
   * @param broker says where each topic ends
   * @param group says how many jobs of each topic are not done, of topics that the group reads
   * @param nanos as {@link System#nanoTime}
   */
  TrackNews(
      KafkaFailures failures,
      Supplier<Map<String, Long>> broker,
      Supplier<CompletableFuture<Map<String, Long>>> group,
      LongSupplier nanos) {
    this.failures = failures;
    this.broker = broker;
    this.group = group;
    this.nanos = nanos;
    this.readAt = nanos.getAsLong() - Long.MAX_VALUE / 2;
  }

  /**
   * Whether a track may hold a job that this worker does not hold.
   *
   * @param moment what the broker said before does not count
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  boolean mayHold(LaneSeats track, long moment) {
    readSince(moment);
    learn(track);
    return end(track) > cleared.getOrDefault(track.topic(), 0L) || mayBeBack(track);
  }

  /** Takes note of what the broker said to the seats of {@code track}. */
  void learn(LaneSeats track) {
    if (track.emptyAsOf() - readAt >= 0) {
      cleared.put(track.topic(), end(track));
    }
  }

  /** Asks for the first answers, which are waited for when they are needed. */
  void begin() {
    long now = nanos.getAsLong();
    ends = broker.get();
    askDepths(now);
  }

  /**
   * Reads where the tracks end, if that was not done at or after {@code moment}.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  void readSince(long moment) {
    if (readAt - moment < 0) {
      long asked = nanos.getAsLong();
      ends = broker.get();
      readAt = asked;
      readDepths(asked);
    }
  }

  private void readDepths(long now) {
    if (coming == null && (depths == null || now - depths.at() >= DEPTHS_NANOS)) {
      askDepths(now);
    }
    if (coming != null && (depths == null || coming.isDone())) {
      CompletableFuture<Depths> read = coming;
      coming = null;
      depths = failures.await("read the depth of the queue", read);
      depths.of().forEach(this::clear);
    }
  }

  private void askDepths(long now) {
    Map<String, Long> before = ends;
    coming = group.get().thenApply(of -> new Depths(of, before, now));
  }

  private void clear(String topic, long depth) {
    if (depth == 0) {
      cleared.merge(topic, depths.before().getOrDefault(topic, 0L), Math::max);
    }
  }

  private boolean mayBeBack(LaneSeats track) {
    return depths.of().getOrDefault(track.topic(), 0L) > track.held()
        && track.emptyAsOf() - depths.at() < 0;
  }

  private long end(LaneSeats track) {
    return ends.getOrDefault(track.topic(), 0L);
  }
}
