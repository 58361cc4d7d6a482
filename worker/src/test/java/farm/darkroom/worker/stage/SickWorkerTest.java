package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.Backoff;
import farm.darkroom.common.FailureKind;
import farm.darkroom.common.job.JobState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A worker that fails everything must not cost a job its deliveries. */
class SickWorkerTest {
  private final InMemoryFarm farm = new InMemoryFarm();
  private final FakeWorker sick = new FakeWorker(farm, "sick");

  @Test
  void probeTellsTheSickWorkerFromTheBadJob() {
    String id = farm.submitSeed(1);
    sick.renderer.sick(true);
    assertThat(sick.workOnce()).isEqualTo(new Probing());
    assertThat(farm.lastEvent(id).kind()).contains(FailureKind.WORKER_UNFIT);
    assertThat(farm.lastEvent(id).reason().orElseThrow()).contains("NaN in latents", "probe");
  }

  @Test
  void sickWorkerCostsOneDeliveryAndMakesNoDeadLetter() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      ids.add(farm.submitSeed(i));
    }
    sick.renderer.sick(true);
    FakeWorker healthy = new FakeWorker(farm, "healthy");
    Stage stage = sick.workOnce();
    for (int i = 0; i < 20; i++) {
      stage = sick.finish(sick.loop.next(stage));
      healthy.workOnce();
    }
    assertThat(ids).allMatch(farm::stored);
    assertThat(farm.broker.list()).isEmpty();
    assertThat(farm.events.all().stream().filter(e -> e.state() == JobState.FAILED)).hasSize(1);
  }

  @Test
  void sickWorkerRequeuesLastDelivery() {
    String id = farm.submitSeed(1);
    for (int i = 0; i < InMemoryFarm.DELIVERY_LIMIT - 1; i++) {
      sick.queue.lease(Duration.ZERO).orElseThrow().release();
    }
    sick.renderer.sick(true);
    sick.workOnce();
    new FakeWorker(farm, "healthy").workOnce();
    assertThat(farm.stored(id)).isTrue();
    assertThat(farm.broker.list()).isEmpty();
    assertThat(farm.broker.depth()).isZero();
  }

  @Test
  void failedHereAloneToReleased() {
    String id = farm.submitSeed(1);
    sick.offered.add("demo");
    failRenders(2 * InMemoryFarm.DELIVERY_LIMIT);
    Stage stage = new Idle();
    for (int i = 0; i < InMemoryFarm.DELIVERY_LIMIT; i++) {
      stage = sick.finish(sick.loop.next(new Idle()));
    }
    assertThat(stage).isInstanceOf(Resting.class);
    assertThat(farm.broker.list()).isEmpty();
    new FakeWorker(farm, "healthy").workOnce();
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void failedEverywhereToDead() {
    String id = farm.submitSeed(1);
    sick.offered.add("demo");
    sick.queue.lease(Duration.ZERO).orElseThrow().release();
    failRenders(2 * InMemoryFarm.DELIVERY_LIMIT);
    sick.workOff(farm);
    assertThat(farm.broker.list()).hasSize(1);
    assertThat(farm.lastEvent(id).attempt()).isEqualTo(InMemoryFarm.DELIVERY_LIMIT);
  }

  @Test
  void unfitEverywhereToDead() {
    String id = farm.submitSeed(1);
    for (int i = 0; i < 20; i++) {
      sick.renderer.failNext(FailureKind.WORKER_UNFIT, "device gone");
    }
    sick.workOff(farm);
    assertThat(farm.broker.list()).hasSize(1);
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.DEAD);
    assertThat(sick.renderer.plans()).hasSize(4 * InMemoryFarm.DELIVERY_LIMIT);
  }

  /** Its deliveries were lost to others that died; the last one falls to a worker in doubt. */
  @Test
  void deceptiveProbeRequeuesLastDelivery() {
    lastDeliveryFallsToAWorkerInDoubt();
  }

  @Test
  void storeOutageInDiagnosisRequeuesLastDelivery() {
    sick.renderer.never(
        job -> {
          if (sick.renderer.plans().size() > 6) {
            farm.store.faults().failNext(1);
          }
          return false;
        });
    lastDeliveryFallsToAWorkerInDoubt();
  }

  private void lastDeliveryFallsToAWorkerInDoubt() {
    FakeWorker healthy = new FakeWorker(farm, "healthy");
    failRenders(8);
    for (int seed = 0; seed < 3; seed++) {
      farm.submitSeed(seed);
      sick.workOnce();
      healthy.workOnce();
    }
    String id = farm.submitSeed(3);
    for (int i = 0; i < InMemoryFarm.DELIVERY_LIMIT - 1; i++) {
      sick.queue.lease(Duration.ZERO).orElseThrow().release();
    }
    sick.workOnce();
    assertThat(farm.broker.list()).isEmpty();
    healthy.workOnce();
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void probingToIdleWhenTheWorkerRecovers() {
    sick.loop.next(new Probing());
    sick.renderer.sick(true);
    Stage stage = sick.loop.next(new Probing());
    for (int i = 0; i < 4; i++) {
      stage = sick.loop.next(stage);
    }
    assertThat(stage).isEqualTo(new Probing(5));
    assertThat(farm.time.pauses())
        .containsExactly(
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofSeconds(10),
            Duration.ofSeconds(20),
            Duration.ofSeconds(40),
            Duration.ofSeconds(80));
    sick.renderer.sick(false);
    assertThat(sick.loop.next(stage)).isEqualTo(new Idle());
  }

  @Test
  void neverWorkedToStopped() {
    sick.renderer.sick(true);
    Stopped end = sick.loop.run();
    assertThat(end.why().orElseThrow()).hasMessageContaining("NaN");
    assertThat(sick.renderer.probes()).isEqualTo(3);
  }

  @Test
  void unloadableLibraryToStopped() {
    sick.renderer.unable(new UnsatisfiedLinkError("no torch in java.library.path"));
    Stopped end = sick.loop.run();
    assertThat(end.why().orElseThrow()).hasMessage("engine: no torch in java.library.path");
    assertThat(sick.status.now().trouble()).contains("engine: no torch in java.library.path");
  }

  @Test
  void unreadableMemoryToProbing() {
    sick.renderer.unable(new InternalError("a fault occurred in an unsafe memory access"));
    assertThat(sick.loop.next(new Probing())).isEqualTo(new Probing(1));
    assertThat(sick.status.now().trouble().orElseThrow()).contains("unsafe memory access");
  }

  @Test
  void unloadableLibraryInDiagnosisToProbing() {
    String id = farm.submitSeed(1);
    failRenders(2);
    sick.renderer.unable(new UnsatisfiedLinkError("no torch in java.library.path"));
    assertThat(sick.workOnce()).isEqualTo(new Probing());
    assertThat(farm.lastEvent(id).kind()).contains(FailureKind.WORKER_UNFIT);
    assertThat(farm.lastEvent(id).reason())
        .contains("NaN in latents; and the probe: engine: no torch in java.library.path");
    new FakeWorker(farm, "healthy").workOnce();
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void unloadableLibraryInPlanToProbing() {
    String id = farm.submitSeed(1);
    sick.renderer.whilePlanning(
        () -> {
          throw new NoClassDefFoundError("farm/darkroom/Gone");
        });
    assertThat(sick.workOnce()).isEqualTo(new Probing());
    assertThat(farm.states(id)).containsExactly(JobState.STARTED, JobState.FAILED);
    assertThat(farm.lastEvent(id).kind()).contains(FailureKind.WORKER_UNFIT);
    assertThat(farm.lastEvent(id).reason()).contains("engine: farm/darkroom/Gone");
    new FakeWorker(farm, "healthy").workOnce();
    assertThat(farm.stored(id)).isTrue();
  }

  @Test
  void breakerOpensWhenOthersSucceed() {
    FakeWorker healthy = new FakeWorker(farm, "healthy");
    for (int seed = 0; seed < 4; seed++) {
      farm.submitSeed(seed);
      sick.renderer
          .failNext(FailureKind.RENDER_FAILED, "NaN")
          .failNext(FailureKind.RENDER_FAILED, "NaN");
    }
    List<Stage> after = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      after.add(sick.workOnce());
      healthy.workOnce();
    }
    assertThat(after)
        .containsExactly(
            new Resting(Duration.ofMillis(500)),
            new Resting(Duration.ofMillis(500)),
            new Resting(Duration.ofSeconds(10)),
            new Resting(Duration.ofSeconds(20)));
    assertThat(sick.status.now().trouble().orElseThrow()).contains("succeeded elsewhere");
    farm.submitSeed(5);
    sick.workOnce();
    assertThat(sick.status.now().trouble()).isEmpty();
  }

  @Test
  void breakerClosesWithASuccess() {
    CircuitBreaker circuitBreaker =
        new CircuitBreaker(2, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(9)));
    circuitBreaker.blamed("a");
    circuitBreaker.blamed("a");
    assertThat(circuitBreaker.suspects()).isEmpty();
    circuitBreaker.blamed("b");
    assertThat(circuitBreaker.suspects()).containsExactly("a", "b");
    assertThat(circuitBreaker.open()).isEqualTo(Duration.ofSeconds(1));
    assertThat(circuitBreaker.open()).isEqualTo(Duration.ofSeconds(2));
    circuitBreaker.worked();
    assertThat(circuitBreaker.suspects()).isEmpty();
    assertThat(circuitBreaker.open()).isEqualTo(Duration.ofSeconds(1));
  }

  /** The next so many renders fail; probes come out. */
  private void failRenders(int count) {
    for (int i = 0; i < count; i++) {
      sick.renderer.failNext(FailureKind.RENDER_FAILED, "NaN in latents");
    }
  }
}
