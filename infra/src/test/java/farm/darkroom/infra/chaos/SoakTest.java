package farm.darkroom.infra.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Pause;
import farm.darkroom.submitter.audit.AuditReport;
import farm.darkroom.submitter.audit.JobOutcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of jobs, four workers, and every few seconds one of them is killed. The first is
 * spared, so that one can see what becomes of its memory.
 */
@Tag("soak")
@Timeout(3000)
class SoakTest {
  private static final int JOBS = Integer.getInteger("soak.jobs", 20_000);
  private static final int MORTALS = 3;
  private static final int SAMPLE = 50;
  private static final long SEED = 11;
  private static final Duration PATIENCE = Duration.ofMinutes(40);
  private static final long MEBIBYTE = 1 << 20;
  @TempDir private Path folder;

  @Test
  void throughputAndMemory() throws Exception {
    BrokerProcess broker = new BrokerProcess(folder);
    broker.start();
    try (ChaosFarm farm = new ChaosFarm(folder, ChaosFarm.PLAN, broker)) {
      List<String> ids = farm.submit("soak", SmallJobs.of(0, JOBS, 1));
      long begun = System.nanoTime();
      Child veteran = farm.worker("veteran");
      Mortals mortals = new Mortals(farm, new SplittableRandom(SEED));
      mortals.liveWhileMoreAreLeftThan(JOBS / 2);
      Memory worker = Memory.of(veteran);
      Memory served = Memory.of(broker.process());
      mortals.liveWhileMoreAreLeftThan(0);
      farm.awaitEnd(ids, PATIENCE);
      double seconds = (System.nanoTime() - begun) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "soak: %d jobs in %.0f s, %.1f jobs/s, %d kills%n",
          JOBS,
          seconds,
          JOBS / seconds,
          mortals.killed);
      assertFlat("worker", worker, Memory.of(veteran));
      assertFlat("broker", served, Memory.of(broker.process()));
      AuditReport audit = farm.audit();
      assertThat(audit.submitted()).isEqualTo(JOBS);
      assertThat(audit.of(JobOutcome.STORED)).isGreaterThan(JOBS - 10);
      assertThat(farm.alone(SAMPLE).differences(farm.store)).isEmpty();
    }
  }

  /** Not by half more than it was in the middle of the run, with some room for what is small. */
  private static void assertFlat(String who, Memory middle, Memory end) {
    System.out.println("soak: memory of the " + who + ": " + middle + "; at the end " + end);
    assertThat(end.heap()).as(who).isLessThan(middle.heap() * 3 / 2 + 8 * MEBIBYTE);
    assertThat(end.resident()).as(who).isLessThan(middle.resident() * 3 / 2 + 32 * MEBIBYTE);
  }

  /** Workers that live for some seconds. */
  private static final class Mortals {
    private final ChaosFarm farm;
    private final SplittableRandom random;
    private final List<Child> living = new ArrayList<>();
    private int killed;

    Mortals(ChaosFarm farm, SplittableRandom random) {
      this.farm = farm;
      this.random = random;
    }

    void liveWhileMoreAreLeftThan(int jobs) {
      while (farm.depth() > jobs) {
        live();
      }
    }

    /** One life, and one death. */
    private void live() {
      while (living.size() < MORTALS) {
        living.add(farm.worker("mortal-" + killed + "-" + living.size()));
      }
      Pause.of(Duration.ofMillis(random.nextLong(2000, 6000)));
      living.remove(random.nextInt(MORTALS)).kill();
      killed++;
    }
  }

  /**
   * Of a process, in bytes.
   *
   * @param heap what is left of it after a collection
   */
  private record Memory(long heap, long resident) {
    static Memory of(Child worker) throws IOException, InterruptedException {
      jcmd(worker, "GC.run");
      long heap =
          jcmd(worker, "GC.heap_info")
              .lines()
              .filter(line -> line.contains("generation") && line.contains("used "))
              .mapToLong(line -> Long.parseLong(line.replaceAll(".*used (\\d+)K.*", "$1")) * 1024)
              .sum();
      assertThat(heap).isPositive();
      return new Memory(heap, worker.residentBytes());
    }

    private static String jcmd(Child worker, String command)
        throws IOException, InterruptedException {
      Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
      Process asked =
          new ProcessBuilder(jcmd.toString(), Long.toString(worker.pid()), command).start();
      String answer = asked.inputReader().lines().collect(Collectors.joining("\n"));
      assertThat(asked.waitFor()).isZero();
      return answer;
    }

    @Override
    public String toString() {
      return "%d MiB of heap in %d MiB".formatted(heap / MEBIBYTE, resident / MEBIBYTE);
    }
  }
}
