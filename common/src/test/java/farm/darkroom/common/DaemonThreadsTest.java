package farm.darkroom.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadFactory;
import org.junit.jupiter.api.Test;

class DaemonThreadsTest {

  @Test
  void threadsHaveDistinctNamesAndAreDaemons() {
    ThreadFactory pulls = DaemonThreads.named("pull");
    Thread first = pulls.newThread(() -> {});
    Thread second = pulls.newThread(() -> {});
    assertThat(first.getName()).isEqualTo("pull-1");
    assertThat(second.getName()).isEqualTo("pull-2");
    assertThat(first.isDaemon()).isTrue();
    assertThat(second.isDaemon()).isTrue();
  }
}
