package farm.darkroom.worker.render.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines as files: this process holds 1,000 kB, and 9,000 kB more are free. */
class HostMemoryTest {
  private static final long KIB = 1024;
  @TempDir private Path root;

  @BeforeEach
  void machine() throws IOException {
    write("proc/meminfo", "MemTotal:  64000 kB\nMemFree:  100 kB\nMemAvailable:   9000 kB\n");
    write("proc/self/status", "VmSize:\t  5000 kB\nRssAnon:\t    1000 kB\nRssFile:\t 20 kB\n");
    write("proc/self/limits", "Max address space         unlimited    unlimited    bytes\n");
    write("proc/self/cgroup", "0::/\n");
  }

  @Test
  void withoutLimitsItIsTheFreeMemoryAndWhatIsHeld() {
    assertThat(budget().bytes()).isEqualTo(10_000 * KIB);
    assertThat(budget().source()).isEqualTo("the machine's free memory");
  }

  @Test
  void cachedFilesOfAControlGroupDoNotCountAsTaken() throws IOException {
    write("proc/self/cgroup", "0::/farm/worker\n");
    write("sys/fs/cgroup/farm/worker/memory.max", "max\n");
    group2("farm", 6000, 5000, 3500);
    assertThat(budget().bytes()).isEqualTo((1000 + 6000 - 1500) * KIB);
    assertThat(budget().source()).isEqualTo("the control group's memory limit");
  }

  @Test
  void tightestGroupCountsWhereverItIs() throws IOException {
    write("proc/self/cgroup", "0::/farm/worker\n");
    group2("farm", 8000, 1000, 0);
    group2("farm/worker", 3000, 1000, 0);
    assertThat(budget().bytes()).isEqualTo(3000 * KIB);
  }

  @Test
  void containerSeesItsLimitAtTheTop() throws IOException {
    write("proc/self/cgroup", "0::/../../hidden\n");
    group2(".", 4000, 1500, 500);
    assertThat(budget().bytes()).isEqualTo(4000 * KIB);
  }

  @Test
  void firstVersionOfControlGroupsHasOtherNames() throws IOException {
    write("proc/self/cgroup", "5:cpu:/x\n4:memory:/pod\n0::/\n");
    String folder = "sys/fs/cgroup/memory/pod/";
    write(folder + "memory.limit_in_bytes", 5000 * KIB + "\n");
    write(folder + "memory.usage_in_bytes", 4000 * KIB + "\n");
    write(folder + "memory.stat", "total_inactive_file " + 2500 * KIB + "\nactive_file 7\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", "1\n");
    assertThat(budget().bytes()).isEqualTo((1000 + 5000 - 1500) * KIB);
  }

  @Test
  void addressSpaceIsWhatIsLeftBesideTheMappedFiles() throws IOException {
    long limit = 1_000_000_000L + 12_000 * KIB;
    write("proc/self/limits", "Max address space         " + limit + "   unlimited    bytes\n");
    assertThat(new HostMemory(root).budget(4000 * KIB).bytes())
        .isEqualTo((1000 + 12_000 - 5000 - 4000) * KIB);
    assertThat(new HostMemory(root).budget(4000 * KIB).source()).isEqualTo("ulimit -v");
  }

  @Test
  void machineWithoutProcHasTheJavaHeap(@TempDir Path other) {
    assertThat(new HostMemory(other).budget(0).bytes()).isEqualTo(Runtime.getRuntime().maxMemory());
  }

  private Budget budget() {
    return new HostMemory(root).budget(0);
  }

  private void group2(String name, long limit, long usage, long files) throws IOException {
    String folder = "sys/fs/cgroup/" + name + "/";
    write(folder + "memory.max", limit * KIB + "\n");
    write(folder + "memory.current", usage * KIB + "\n");
    write(folder + "memory.stat", "anon 1\ninactive_file " + files * KIB + "\nactive_file 0\n");
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
