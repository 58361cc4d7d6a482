package farm.darkroom.worker.stage;

import static org.assertj.core.api.Assertions.assertThat;

import farm.darkroom.common.job.JobState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A worker dies at each point where it touches the world, before or after the touch: whoever gets
 * the job next brings it to exactly one record, with the hash of what is stored.
 */
class KillPointsTest {
  /** Look for the record, STARTED, put image, put record, STORED. */
  private static final int TOUCHES = 5;

  private final InMemoryFarm farm = new InMemoryFarm();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void diesBefore(int touch) {
    diesAndIsFollowed(touch, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void diesAfter(int touch) {
    diesAndIsFollowed(touch, true);
  }

  @Test
  void everyStoreAndLogCallIsAKillPoint() {
    Mortality mortality = new Mortality(TOUCHES + 1, false);
    farm.submitSeed(1);
    mortal(mortality).workOnce();
    assertThat(mortality.touches()).isEqualTo(TOUCHES);
  }

  @Test
  void diesInTheMiddleOfARender() {
    String id = farm.submitSeed(1);
    FakeWorker doomed = mortal(new Mortality(Integer.MAX_VALUE, false));
    doomed.renderer.betweenSteps(
        () -> {
          throw new Mortality.Killed();
        });
    assertThat(dies(doomed)).isTrue();
    followedUp(id);
  }

  private void diesAndIsFollowed(int touch, boolean after) {
    String id = farm.submitSeed(1);
    assertThat(dies(mortal(new Mortality(touch, after)))).isTrue();
    followedUp(id);
  }

  private void followedUp(String id) {
    farm.broker.expireAll();
    new FakeWorker(farm, "heir").workOff(farm);
    assertThat(farm.recordedHashes(id)).containsExactly(farm.storedHash(id, 0));
    assertThat(farm.lastEvent(id).state()).isEqualTo(JobState.STORED);
    assertThat(farm.broker.list()).isEmpty();
    assertThat(farm.store.list("jobs/")).hasSize(2);
  }

  private FakeWorker mortal(Mortality mortality) {
    return new FakeWorker(
        farm, "doomed", mortality.store(farm.store.anotherWriter()), mortality.events(farm.events));
  }

  private static boolean dies(FakeWorker worker) {
    try {
      worker.workOnce();
      return false;
    } catch (Mortality.Killed e) {
      return true;
    }
  }
}
