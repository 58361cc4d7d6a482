package farm.darkroom.common.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a share group stands: everything before a partition's start offset is done. Thread-safe.
 *
 * <p>A broker answers within milliseconds, but for one case. It asks the partitions' leaders for
 * their ends, one question at a time, and a question that finds another one under way, or no
 * connection yet, counts as timed out at once and is put again after two seconds (Kafka 4.4:
 * NetworkPartitionMetadataClient takes the time of a request by a monotonic clock, and its sender
 * compares that with the wall clock). Two workers that ask at the same moment meet this, and
 * whoever asks a broker first. What is asked meanwhile over another connection is answered at once;
 * over the same one it would wait its turn.
 */
final class GroupOffsets implements AutoCloseable {
  private static final int CONNECTIONS = 3;
  private static final Duration LATE = Duration.ofMillis(100);

  private final Admin lent;
  private final Supplier<Admin> opener;
  private final KafkaFailures failures;
  private final List<Admin> own = new ArrayList<>();
  private int first;

  /** An answer, and the number of the connection on which it came. */
  private record Answer(int connection, Map<TopicPartition, SharePartitionOffsetInfo> partitions) {}

  /**
   * @param lent a connection that its owner closes
   * @param opener makes two more at most, each when it is needed
   */
  GroupOffsets(Admin lent, Supplier<Admin> opener, KafkaFailures failures) {
    this.lent = lent;
    this.opener = opener;
    this.failures = failures;
  }

  /**
   * Sends the request and returns at once.
   *
   * @param what is being done, for the message when it fails
   * @return waits, and gives the offsets of all partitions that the group has begun to read, or
   *     throws a {@link farm.darkroom.common.FarmException} QUEUE_UNAVAILABLE. A partition that the
   *     broker cannot read at this moment is absent as well
   */
  Supplier<Map<TopicPartition, SharePartitionOffsetInfo>> begin(String what, String group) {
    Supplier<Map<TopicPartition, SharePartitionOffsetInfo>> asked =
        begin(what, group, new ListShareGroupOffsetsSpec());
    return () -> {
      Map<TopicPartition, SharePartitionOffsetInfo> known = new HashMap<>(asked.get());
      known.values().removeIf(Objects::isNull);
      return known;
    };
  }

  /**
   * Returns those of {@code partitions} that the share group has never read. Partitions that the
   * broker cannot read at this moment are not among them.
   *
   * @throws farm.darkroom.common.FarmException QUEUE_UNAVAILABLE
   */
  Set<TopicPartition> untouched(String what, String group, Set<TopicPartition> partitions) {
    if (partitions.isEmpty()) {
      return Set.of();
    }
    Map<TopicPartition, SharePartitionOffsetInfo> named =
        begin(what, group, new ListShareGroupOffsetsSpec().topicPartitions(partitions)).get();
    if (named.values().stream().allMatch(Objects::nonNull)) {
      return Set.of();
    }
    return untouched(named, begin(what, group, new ListShareGroupOffsetsSpec()).get().keySet());
  }

  /**
   * The broker answers from two sources. A request that names partitions is answered from the
   * offsets: a partition without a readable offset is null, and one whose end cannot be read is
   * absent. A request that names none is answered from the group's subscriptions: all its
   * partitions, except those whose end cannot be read. A partition that is null in the first and
   * absent from the second was never read.
   */
  static Set<TopicPartition> untouched(
      Map<TopicPartition, SharePartitionOffsetInfo> named, Set<TopicPartition> begun) {
    return named.keySet().stream()
        .filter(partition -> named.get(partition) == null && !begun.contains(partition))
        .collect(Collectors.toSet());
  }

  private Supplier<Map<TopicPartition, SharePartitionOffsetInfo>> begin(
      String what, String group, ListShareGroupOffsetsSpec which) {
    HedgedCall<Answer> asked = new HedgedCall<>(ways(group, which), LATE);
    return () -> {
      Answer answer = failures.await(what, asked::get);
      prefer(answer.connection);
      return answer.partitions;
    };
  }

  /** Closes the connections that this opened; requests still in flight fail. */
  @Override
  public synchronized void close() {
    own.forEach(admin -> admin.close(Duration.ZERO));
  }

  private synchronized List<Supplier<KafkaFuture<Answer>>> ways(
      String group, ListShareGroupOffsetsSpec which) {
    List<Supplier<KafkaFuture<Answer>>> ways = new ArrayList<>();
    for (int next = 0; next < CONNECTIONS; next++) {
      int connection = (first + next) % CONNECTIONS;
      ways.add(() -> begin(connection, group, which));
    }
    return ways;
  }

  /**
   * Makes this connection the first choice, since the one that did not answer may still be blocked.
   */
  private synchronized void prefer(int connection) {
    first = connection;
  }

  private KafkaFuture<Answer> begin(int connection, String group, ListShareGroupOffsetsSpec which) {
    return admin(connection)
        .listShareGroupOffsets(Map.of(group, which))
        .partitionsToOffsetInfo(group)
        .thenApply(partitions -> new Answer(connection, partitions));
  }

  private synchronized Admin admin(int connection) {
    if (connection == 0) {
      return lent;
    }
    while (own.size() < connection) {
      own.add(opener.get());
    }
    return own.get(connection - 1);
  }
}
