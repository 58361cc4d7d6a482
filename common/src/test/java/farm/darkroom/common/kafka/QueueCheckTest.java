package farm.darkroom.common.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import farm.darkroom.common.FarmException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.common.KafkaFuture;
import org.junit.jupiter.api.Test;

class QueueCheckTest {
  private final QueueNames names = new QueueNames("q");

  @Test
  void tooOldBrokerIsReported() {
    ConfigEntry leaseTime = new ConfigEntry(TopicSettings.LEASE_TIME, "30000");
    QueueCheck check = check(new Config(List.of(leaseTime)));
    assertThatThrownBy(() -> check.require(names, Map.of(), Set.of()))
        .isInstanceOf(FarmException.class)
        .hasMessageContaining(TopicSettings.DEAD_LETTER_TOPIC + " is unknown to the broker")
        .hasMessageContaining(TopicSettings.DELIVERY_LIMIT + " is unknown to the broker");
    QueueCheck.Finding finding = check.inspect(names, Map.of(), Set.of());
    assertThat(finding.wrong()).isPresent();
    assertThat(finding.leaseSettings()).isEmpty();
  }

  private QueueCheck check(Config group) {
    Admin admin =
        (Admin)
            Proxy.newProxyInstance(
                Admin.class.getClassLoader(),
                new Class<?>[] {Admin.class},
                (proxy, method, arguments) -> described(group));
    return new QueueCheck(admin, new KafkaFailures("nowhere:1", true));
  }

  private DescribeConfigsResult described(Config group) {
    return new DescribeConfigsResult(
        Map.of(QueueCheck.group(names), KafkaFuture.completedFuture(group))) {};
  }
}
