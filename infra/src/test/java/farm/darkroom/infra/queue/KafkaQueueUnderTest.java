package farm.darkroom.infra.queue;

import farm.darkroom.common.Await;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.KafkaDeadLetters;
import farm.darkroom.common.kafka.KafkaJobPublisher;
import farm.darkroom.common.kafka.KafkaJobQueue;
import farm.darkroom.common.kafka.KafkaSettings;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.kafka.TopicPlan;
import farm.darkroom.common.queue.DeadLetters;
import farm.darkroom.common.queue.JobPublisher;
import farm.darkroom.common.queue.JobQueue;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** A queue of its own on a real broker. */
record KafkaQueueUnderTest(KafkaSettings settings, String name, JobPublisher publisher)
    implements QueueUnderTest {
  static final TopicPlan PLAN =
      TopicPlan.DEFAULT
          .withTracks(2)
          .withLeaseTime(OpenQueue.LEASE_TIME)
          .withDeliveryLimit(OpenQueue.DELIVERY_LIMIT);

  static KafkaQueueUnderTest open(KafkaSettings settings) {
    String name = "q" + UUID.randomUUID().toString().substring(0, 8);
    try (FarmTopics topics = new FarmTopics(settings)) {
      topics.create(new QueueNames(name), PLAN);
    }
    return new KafkaQueueUnderTest(settings, name, new KafkaJobPublisher(settings, name));
  }

  @Override
  public JobQueue join() {
    return new KafkaJobQueue(settings, name);
  }

  @Override
  public DeadLetters deadLetters() {
    return new KafkaDeadLetters(settings, name);
  }

  @Override
  public void awaitMembers(int most) {
    String group = new QueueNames(name).group();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.bootstrap()))) {
      Await.until(
          "members leave " + group, OpenQueue.PATIENCE, () -> members(admin, group) <= most);
    }
  }

  private static int members(Admin admin, String group) {
    try {
      return admin.describeShareGroups(List.of(group)).all().get().get(group).members().size();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    publisher.close();
  }
}
