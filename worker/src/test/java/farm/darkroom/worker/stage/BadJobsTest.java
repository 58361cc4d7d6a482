package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that never come out, beside good ones: workers that are well do not rest for them. */
class BadJobsTest {
  private static final int JOBS = 200;
  private static final int BAD = JOBS / 10;

  /** A worker, and where it stands in a time of its own. */
  private static final class Shift {
    private final FakeWorker worker;
    private final List<Duration> rests = new ArrayList<>();
    private Duration now = Duration.ZERO;

    Shift(InMemoryFarm farm, String name) {
      worker = new FakeWorker(farm, name);
      worker.renderer.never(job -> job.seed().orElseThrow() % 10 == 0);
    }

    /** A second for each render, and the rest after it. */
    void work() {
      int before = worker.renderer.plans().size();
      Stage after = worker.workOnce();
      now = now.plusSeconds(worker.renderer.plans().size() - before);
      if (after instanceof Resting rest) {
        rests.add(rest.pause());
        now = now.plus(rest.pause());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 20})
  void loneWorkerWaitsForNobody(int deliveryLimit) {
    InMemoryFarm farm = farm(deliveryLimit);
    Shift lone = new Shift(farm, "lone");
    workOff(farm, List.of(lone));
    // The first job is a bad one: others might be starting.
    assertThat(lone.rests).hasSizeLessThanOrEqualTo(10);
    assertThat(lone.worker.renderer.plans()).hasSize(JOBS - BAD + 2 * BAD * deliveryLimit);
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 20})
  void badJobIsReleasedOncePerWorker(int deliveryLimit) {
    InMemoryFarm farm = farm(deliveryLimit);
    List<Shift> shifts = List.of(new Shift(farm, "one"), new Shift(farm, "two"));
    shifts.forEach(shift -> shift.worker.offered.add("demo"));
    workOff(farm, shifts);
    List<Duration> rests = shifts.stream().flatMap(shift -> shift.rests.stream()).toList();
    assertThat(rests).hasSizeLessThanOrEqualTo(3 * BAD);
    assertThat(rests).allMatch(rest -> rest.compareTo(Duration.ofSeconds(2)) <= 0);
  }

  private static InMemoryFarm farm(int deliveryLimit) {
    InMemoryFarm farm = new InMemoryFarm(deliveryLimit);
    for (int seed = 0; seed < JOBS; seed++) {
      farm.submitSeed(seed);
    }
    return farm;
  }

  /** Side by side, in the time of each. */
  private static void workOff(InMemoryFarm farm, List<Shift> shifts) {
    while (farm.broker.depth() > 0) {
      shifts.stream().min(Comparator.comparing(shift -> shift.now)).orElseThrow().work();
    }
    assertThat(farm.broker.list()).hasSize(BAD);
    assertThat(farm.store.list("jobs/")).hasSize(2 * (JOBS - BAD));
  }
}
