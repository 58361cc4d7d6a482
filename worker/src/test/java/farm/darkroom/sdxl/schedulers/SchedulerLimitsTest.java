package farm.darkroom.sdxl.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What samplers refuse when timesteps are set. */
class SchedulerLimitsTest {
  private static final Kernels KERNELS = Kernels.load(Device.cpu());

  /** {@code AysSchedules["StableDiffusionXLTimesteps"]} of diffusers. */
  private static final double[] TIMESTEPS = {999, 845, 730, 587, 443, 310, 193, 116, 53, 13};

  /** {@code AysSchedules["StableDiffusionXLSigmas"]} of diffusers. */
  private static final double[] SIGMAS = {
    14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.0
  };

  @AfterAll
  static void close() {
    KERNELS.close();
  }

  private static Scheduler scheduler(String name, Map<String, ?> settings) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("name", name);
    return Schedulers.create(
        SchedulerConfig.of(Goldens.sdxl(), all), new LatentMath(KERNELS, KERNELS.manager()));
  }

  @Test
  void onlyTheseTakeTimestepsOfTheUsersOwn() {
    Set<String> taking = new TreeSet<>();
    for (String name : Schedulers.names()) {
      try {
        scheduler(name, Map.of()).setTimesteps(TIMESTEPS);
        taking.add(name);
      } catch (SchedulerException e) {
        assertThat(e).hasMessageStartingWith(name + ": does not take a list of timesteps");
      }
    }
    assertThat(taking)
        .containsExactly(
            "DDPMScheduler",
            "DPMSolverMultistepScheduler",
            "DPMSolverSinglestepScheduler",
            "EulerDiscreteScheduler",
            "HeunDiscreteScheduler",
            "LCMScheduler",
            "TCDScheduler");
  }

  @Test
  void onlyEulerTakesSigmasOfTheUsersOwnAsItComes() {
    for (String name : Schedulers.names()) {
      Scheduler scheduler = scheduler(name, Map.of());
      if (name.equals("EulerDiscreteScheduler")) {
        scheduler.setSigmas(SIGMAS);
        assertThat(scheduler.timesteps()).hasSize(10);
      } else {
        assertThatThrownBy(() -> scheduler.setSigmas(SIGMAS))
            .isInstanceOf(SchedulerException.class)
            .hasMessageContaining("list of sigmas");
      }
    }
  }

  @Test
  void shapesExcludeTimestepsOfTheUsersOwn() {
    for (String shape : new String[] {"use_karras_sigmas", "use_beta_sigmas"}) {
      for (String name :
          new String[] {
            "EulerDiscreteScheduler",
            "HeunDiscreteScheduler",
            "DPMSolverMultistepScheduler",
            "DPMSolverSinglestepScheduler"
          }) {
        assertThatThrownBy(() -> scheduler(name, Map.of(shape, true)).setTimesteps(TIMESTEPS))
            .isInstanceOf(SchedulerException.class)
            .hasMessageContaining(shape);
      }
    }
  }

  @Test
  void timestepsMustFallWithinTraining() {
    for (String name : new String[] {"DDPMScheduler", "LCMScheduler", "TCDScheduler"}) {
      assertThatThrownBy(() -> scheduler(name, Map.of()).setTimesteps(new double[] {999, 500, 500}))
          .hasMessageContaining("timesteps[1] is 500.0");
      assertThatThrownBy(() -> scheduler(name, Map.of()).setTimesteps(new double[] {1000, 5}))
          .hasMessageContaining("timesteps[0] is 1000.0, allowed: falling numbers from 999");
    }
  }

  @Test
  void tooManyOrTooFewStepsAreRefused() {
    refused("EulerDiscreteScheduler", 0, "num_inference_steps is 0, allowed: from 1");
    refused("DDIMScheduler", 1001, "up to num_train_timesteps, which is 1000");
    refused("LCMScheduler", 51, "up to original_inference_steps, which is 50");
    refused("PNDMScheduler", 3, "allowed without skip_prk_steps: from 4");
  }

  @Test
  void offsetMustStayWithinTraining() {
    AlphaScheduler ddim =
        (AlphaScheduler)
            scheduler("DDIMScheduler", Map.of("num_train_timesteps", 2, "steps_offset", 1));
    ddim.setTimesteps(2);
    ddim.checkBegin(1);
    assertThat(ddim.predictionAt(1)).isNotNull();
    assertThatThrownBy(() -> ddim.checkBegin(0))
        .isInstanceOf(SchedulerException.class)
        .hasMessage(
            "DDIMScheduler: steps_offset is 1: the first timestep is 2, allowed: below"
                + " num_train_timesteps, which is 2");
    Map<String, Integer> endless = Map.of("num_train_timesteps", Integer.MAX_VALUE);
    assertThatThrownBy(() -> scheduler("DDIMScheduler", endless))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("num_train_timesteps is 2147483647, allowed: a whole number from 2");
  }

  private static void refused(String name, int steps, String message) {
    assertThatThrownBy(() -> scheduler(name, Map.of()).setTimesteps(steps))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining(message);
  }

  @Test
  void timestepsWithinAListOfSigmasTakeTwo() {
    Map<String, Object> config = Map.of("use_flow_sigmas", true, "use_beta_sigmas", true);
    Scheduler shaped = scheduler("UniPCMultistepScheduler", config);
    assertThatThrownBy(() -> shaped.setSigmas(new double[] {0.9}))
        .hasMessageContaining("sigmas has 1 number, allowed with use_beta_sigmas: from 2");
  }

  /** As AysSchedules' lists do; diffusers takes the logarithm, or gives no numbers. */
  @ParameterizedTest
  @ValueSource(strings = {"use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas"})
  void shapesOfSigmasThatEndInZeroAreRefused(String shape) {
    Map<String, Object> config = Map.of("use_flow_sigmas", true, shape, true);
    Scheduler shaped = scheduler("UniPCMultistepScheduler", config);
    assertThatThrownBy(() -> shaped.setSigmas(new double[] {14.6, 2.1, 0}))
        .hasMessageContaining("sigmas goes from 14.6 to 0.0, allowed with " + shape);
  }

  @Test
  void emptyListsAreRefused() {
    Scheduler euler = scheduler("EulerDiscreteScheduler", Map.of());
    assertThatThrownBy(() -> euler.setTimesteps(new double[0])).hasMessageContaining("empty");
    assertThatThrownBy(() -> euler.setSigmas(new double[0])).hasMessageContaining("empty");
    assertThatThrownBy(() -> euler.setSigmas(new double[] {1})).hasMessageContaining("from 2");
  }

  @Test
  void nothingIsKnownBeforeTimestepsAreSet() {
    Scheduler euler = scheduler("EulerDiscreteScheduler", Map.of());
    assertThatThrownBy(euler::timesteps).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(euler::initNoiseSigma).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void seventeenSamplersAreThere() {
    assertThat(Schedulers.names()).hasSize(17);
  }
}
