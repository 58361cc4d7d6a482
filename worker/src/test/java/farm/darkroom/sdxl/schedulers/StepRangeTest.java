package farm.darkroom.sdxl.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class StepRangeTest {

  @TestFactory
  Stream<DynamicTest> walksWhatThePipelineWalks() {
    return StreamSupport.stream(Goldens.json("schedulers/ranges.json").spliterator(), false)
        .map(golden -> DynamicTest.dynamicTest(golden.toString(), () -> check(golden)));
  }

  private static void check(JsonNode golden) {
    int steps = golden.get("steps").asInt();
    Scheduler scheduler = scheduler(golden.get("class").asText(), steps);
    StepRange range = range(golden, scheduler, steps);
    assertThat(range.from()).isEqualTo(golden.get("from").asInt());
    assertThat(range.length()).isEqualTo(golden.get("length").asInt());
  }

  private static StepRange range(JsonNode golden, Scheduler scheduler, int steps) {
    if (golden.has("strength")) {
      return StepRange.ofStrength(scheduler, steps, golden.get("strength").asDouble());
    }
    return golden.has("denoising_start")
        ? StepRange.after(scheduler, golden.get("denoising_start").asDouble())
        : StepRange.all(scheduler).until(scheduler, golden.get("denoising_end").asDouble());
  }

  private static Scheduler scheduler(String name, int steps) {
    Map<String, Object> snapshot = new HashMap<>(Goldens.sdxl());
    snapshot.putAll(
        Map.of("timestep_spacing", "leading", "steps_offset", 1, "skip_prk_steps", true));
    // Setting timesteps takes no tensors.
    Scheduler scheduler =
        Schedulers.create(SchedulerConfig.of(snapshot, Map.of("name", name)), null);
    scheduler.setTimesteps(steps);
    return scheduler;
  }

  @Test
  void baseAndRefinerShareTheStepsBetweenThem() {
    Scheduler scheduler = scheduler("EulerDiscreteScheduler", 30);
    StepRange base = StepRange.all(scheduler).until(scheduler, 0.8);
    StepRange refiner = StepRange.after(scheduler, 0.8);
    assertThat(refiner.from()).isEqualTo(base.to());
    assertThat(base.length() + refiner.length()).isEqualTo(30);
  }

  @Test
  void aRangeThatEndsBeforeItBeginsIsRefused() {
    assertThatThrownBy(() -> new StepRange(3, 2)).hasMessageContaining("3 to 2");
  }
}
