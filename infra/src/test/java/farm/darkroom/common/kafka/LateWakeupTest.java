package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.queue.JobPublisher.Posting;
import farm.darkroom.common.queue.Lane;
import farm.darkroom.infra.embedded.EmbeddedKafka;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody who waits in vain wakes the client at the moment when a record comes. In common's
 * package, whose inside it tests; in this module because it needs the embedded broker.
 */
class LateWakeupTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private final QueueNames names = new QueueNames("woken");
  private final AtomicReference<ShareMember> member = new AtomicReference<>();
  private Optional<ConsumerRecord<byte[], byte[]>> record = Optional.empty();
  @TempDir Path folder;

  @Test
  void aRecordIsAcknowledgedAllTheSameAndComesOnce() {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder)) {
      KafkaSettings settings = KafkaSettings.of(kafka.bootstrap());
      publish(settings);
      KafkaClients clients = new KafkaClients(settings);
      member.set(
          ShareMember.join(
              names.topic(Lane.NORMAL),
              () -> waking(clients.shareConsumer(names.group())),
              clients.failures()));
      Await.until("a record", PATIENCE, this::came);
      assertThat(member.get().acknowledge(record.orElseThrow(), AcknowledgeType.RENEW)).isTrue();
      record = Optional.of(member.get().renewed().iterator().next());
      assertThat(member.get().acknowledge(record.orElseThrow(), AcknowledgeType.ACCEPT)).isTrue();
      Await.until("the next record", PATIENCE, this::came);
      assertThat(RecordKey.of(record.orElseThrow())).contains("b");
      assertThat(member.get().acknowledge(record.orElseThrow(), AcknowledgeType.ACCEPT)).isTrue();
      assertThat(member.get().leave()).isTrue();
    }
  }

  private void publish(KafkaSettings settings) {
    try (FarmTopics topics = new FarmTopics(settings);
        KafkaJobPublisher publisher = new KafkaJobPublisher(settings, names.queue())) {
      topics.create(names, TopicPlan.DEFAULT.withTracks(1));
      publisher.publish(Lane.NORMAL, List.of(posting("a"), posting("b")));
    }
  }

  private static Posting posting(String key) {
    return new Posting(key, key.getBytes(StandardCharsets.UTF_8));
  }

  private boolean came() {
    record = member.get().poll(Duration.ofSeconds(1));
    return record.isPresent();
  }

  /** The client, which is woken behind each record before anybody else hears of that. */
  @SuppressWarnings("unchecked") // a proxy of that interface
  private ShareConsumer<byte[], byte[]> waking(ShareConsumer<byte[], byte[]> client) {
    return (ShareConsumer<byte[], byte[]>)
        Proxy.newProxyInstance(
            ShareConsumer.class.getClassLoader(),
            new Class<?>[] {ShareConsumer.class},
            (proxy, method, arguments) -> {
              try {
                Object answer = method.invoke(client, arguments);
                if (answer instanceof ConsumerRecords<?, ?> records && !records.isEmpty()) {
                  member.get().wake();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
