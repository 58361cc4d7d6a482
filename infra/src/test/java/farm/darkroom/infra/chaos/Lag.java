package farm.darkroom.infra.chaos;

import farm.darkroom.common.kafka.QueueNames;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;

/** How many records of a queue are not done, as the broker says: one short call. */
final class Lag implements AutoCloseable {
  private final Admin admin;
  private final String group;

  Lag(String bootstrap, String queue) {
    admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    group = new QueueNames(queue).group();
  }

  long read() {
    try {
      return admin
          .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
          .partitionsToOffsetInfo(group)
          .get()
          .values()
          .stream()
          .filter(Objects::nonNull)
          .mapToLong(offset -> offset.lag().orElseThrow())
          .sum();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }
}
