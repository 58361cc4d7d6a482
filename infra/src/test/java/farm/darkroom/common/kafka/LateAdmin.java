package farm.darkroom.common.kafka;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.AlterConfigsResult;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.common.config.ConfigResource;

/**
 * Asks a broker that has not heard yet what its controller was told: after a change of settings the
 * next answers are those from before it. Not thread-safe.
 */
final class LateAdmin extends ForwardingAdmin {
  private DescribeConfigsResult before;
  private int late;
  private int left;

  LateAdmin(String bootstrap) {
    super(Map.of("bootstrap.servers", bootstrap));
  }

  /** From now on so many answers come late after each change. */
  void beLate(int answers) {
    late = answers;
  }

  @Override
  public AlterConfigsResult incrementalAlterConfigs(
      Map<ConfigResource, Collection<AlterConfigOp>> changes, AlterConfigsOptions options) {
    if (late > 0) {
      before = super.describeConfigs(changes.keySet(), new DescribeConfigsOptions());
      Map<ConfigResource, Config> unused = await(before);
    }
    left = late;
    return super.incrementalAlterConfigs(changes, options);
  }

  @Override
  public DescribeConfigsResult describeConfigs(
      Collection<ConfigResource> resources, DescribeConfigsOptions options) {
    if (left == 0) {
      return super.describeConfigs(resources, options);
    }
    left--;
    return before;
  }

  static Map<ConfigResource, Config> await(DescribeConfigsResult answer) {
    try {
      return answer.all().get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
