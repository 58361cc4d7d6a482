package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Await;
import farm.darkroom.common.Pause;
import farm.darkroom.common.job.JobEvent;
import farm.darkroom.common.job.JobState;
import farm.darkroom.common.kafka.FarmTopics;
import farm.darkroom.common.kafka.QueueNames;
import farm.darkroom.common.queue.EventLog;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The topic of events takes nothing for a while, and is then deleted, while jobs go on. */
@Tag("chaos")
@Timeout(300)
class EventsOutageTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ConfigResource EVENTS =
      new ConfigResource(ConfigResource.Type.TOPIC, QueueNames.EVENTS);

  /** What lies behind a worker's render at most, and what it renders. */
  private static final int HELD = 5;

  @TempDir private Path folder;

  @Test
  void jobsWaitForTheirEventAndNoneIsDoneTwice() throws Exception {
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN);
        Admin admin = Admin.create(Map.of("bootstrap.servers", farm.farm.kafka().bootstrap()))) {
      List<String> ids = farm.submit("night", SmallJobs.of(0, 40, 4));
      largest(admin, "1");
      Child worker = farm.worker("w1", "--step-millis", "5");
      awaitRecords(farm, HELD - 1);
      Pause.of(ChaosFarm.LEASE_TIME);
      assertThat(records(farm)).as("jobs that wait").isLessThanOrEqualTo(HELD);
      assertThat(farm.depth()).as("acknowledged without an event").isEqualTo(ids.size());
      largest(admin, "1048576");
      farm.awaitStored(10, PATIENCE);

      admin.deleteTopics(List.of(QueueNames.EVENTS)).all().get();
      Pause.of(ChaosFarm.LEASE_TIME);
      initAgain(farm);
      farm.awaitEnd(ids, PATIENCE);
      assertThat(worker.isAlive()).isTrue();
      AuditReport report = farm.audited();
      assertThat(report.of(JobOutcome.STORED)).isEqualTo(ids.size());
      lastOnesSayStored(farm);
    }
  }

  private static void lastOnesSayStored(ChaosFarm farm) {
    try (EventLog events = farm.farm.events()) {
      assertThat(events.latest().values())
          .as("since the topic is there again")
          .isNotEmpty()
          .extracting(JobEvent::state)
          .containsOnly(JobState.STORED);
    }
  }

  /** As {@code darkroom init} does. */
  private static void initAgain(ChaosFarm farm) {
    try (FarmTopics topics = farm.farm.topics()) {
      topics.create(new QueueNames(ChaosFarm.QUEUE), ChaosFarm.PLAN);
    }
  }

  private static void largest(Admin admin, String bytes) throws Exception {
    ConfigEntry largest = new ConfigEntry("max.message.bytes", bytes);
    AlterConfigOp set = new AlterConfigOp(largest, AlterConfigOp.OpType.SET);
    admin.incrementalAlterConfigs(Map.of(EVENTS, List.of(set))).all().get();
  }

  private static void awaitRecords(ChaosFarm farm, int count) {
    Await.until(count + " records", PATIENCE, Duration.ofMillis(250), () -> records(farm) >= count);
  }

  private static long records(ChaosFarm farm) {
    return farm.store.list("jobs/").stream()
        .filter(entry -> entry.key().endsWith("/record.json"))
        .count();
  }
}
