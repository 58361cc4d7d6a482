package farm.darkroom.sdxl.schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerConfigTest {

  /** The scheduler_config.json of SDXL base 1.0, which has keys of other samplers. */
  private static final Map<String, Object> SDXL_BASE =
      Map.ofEntries(
          Map.entry("_class_name", "EulerDiscreteScheduler"),
          Map.entry("_diffusers_version", "0.19.0.dev0"),
          Map.entry("beta_end", 0.012),
          Map.entry("beta_schedule", "scaled_linear"),
          Map.entry("beta_start", 0.00085),
          Map.entry("clip_sample", false),
          Map.entry("interpolation_type", "linear"),
          Map.entry("num_train_timesteps", 1000),
          Map.entry("prediction_type", "epsilon"),
          Map.entry("sample_max_value", 1.0),
          Map.entry("set_alpha_to_one", false),
          Map.entry("skip_prk_steps", true),
          Map.entry("steps_offset", 1),
          Map.entry("timestep_spacing", "leading"),
          Map.entry("use_karras_sigmas", false));

  @Test
  void aSnapshotMayHoldKeysOfOtherSamplers() {
    SchedulerConfig config = SchedulerConfig.of(SDXL_BASE, Map.of());
    assertThat(config.name()).isEqualTo("EulerDiscreteScheduler");
    assertThat(config.has("skip_prk_steps")).isFalse();
    assertThat(config.values()).containsEntry("timestep_spacing", "leading");
  }

  @Test
  void anotherSamplerTakesItsKeysFromTheSnapshot() {
    SchedulerConfig config =
        SchedulerConfig.of(SDXL_BASE, Map.of("name", "DDIMScheduler", "eta", 0.5));
    assertThat(config.values())
        .containsEntry("clip_sample", false)
        .containsEntry("set_alpha_to_one", false)
        .containsEntry("eta", 0.5)
        .containsEntry("thresholding", false);
  }

  @Test
  void theJobGoesBeforeTheSnapshot() {
    SchedulerConfig config = SchedulerConfig.of(SDXL_BASE, Map.of("timestep_spacing", "trailing"));
    assertThat(config.values()).containsEntry("timestep_spacing", "trailing");
  }

  @Test
  void etaIsForThoseThatTakeIt() {
    SchedulerConfig euler = SchedulerConfig.of(SDXL_BASE, Map.of()).withEta(0.7);
    SchedulerConfig tcd = SchedulerConfig.of(SDXL_BASE, Map.of("name", "TCDScheduler"));
    assertThat(euler.has("eta")).isFalse();
    assertThat(tcd.values()).containsEntry("eta", 0.0);
    assertThat(tcd.withEta(0.7).values()).containsEntry("eta", 0.7);
    assertThatThrownBy(() -> tcd.withEta(1.5)).hasMessageContaining("eta is 1.5");
  }

  @Test
  void nullStandsForTheDefault() {
    Map<String, Object> settings = new HashMap<>();
    settings.put("trained_betas", null);
    settings.put("variance_type", null);
    settings.put("use_karras_sigmas", null);
    SchedulerConfig config = SchedulerConfig.of("DPMSolverMultistepScheduler", settings);
    assertThat(config.flag("use_karras_sigmas")).isFalse();
  }

  /** diffusers hands None on, which is as good as False. */
  @Test
  void nullOfASnapshotsFlagIsFalse() {
    Map<String, Object> snapshot = new HashMap<>(Map.of("_class_name", "DDIMScheduler"));
    assertThat(SchedulerConfig.of(snapshot, Map.of()).flag("clip_sample")).isTrue();
    snapshot.put("clip_sample", null);
    assertThat(SchedulerConfig.of(snapshot, Map.of()).flag("clip_sample")).isFalse();
  }

  @Test
  void jobsNullGoesBeforeTheSnapshotsValue() {
    Map<String, Object> none = new HashMap<>();
    none.put("sigma_max", null);
    Map<String, Object> snapshot =
        Map.of("_class_name", "EulerDiscreteScheduler", "sigma_max", 12.0);
    assertThat(SchedulerConfig.of(snapshot, none).realIfAny("sigma_max")).isEmpty();
  }

  /** What a snapshot made for DDPM holds there has no effect in the DPM-Solver family. */
  @Test
  void fixedVarianceOfDdpmIsPassedOver() {
    Map<String, Object> ddpm =
        Map.of("_class_name", "DDPMScheduler", "variance_type", "fixed_small");
    SchedulerConfig config =
        SchedulerConfig.of(ddpm, Map.of("name", "DPMSolverMultistepScheduler"));
    assertThat(config.values()).containsEntry("variance_type", null);
  }

  @Test
  void pythonsInfinityIsRead() {
    SchedulerConfig config =
        SchedulerConfig.of(
            "DPMSolverMultistepScheduler", Map.of("lambda_min_clipped", "-Infinity"));
    assertThat(config.real("lambda_min_clipped")).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void solverTypesOfOneFamilyAreReadByAnother() {
    Map<String, Object> unipc =
        Map.of("_class_name", "UniPCMultistepScheduler", "solver_type", "bh2");
    assertThat(
            SchedulerConfig.of(unipc, Map.of("name", "DPMSolverMultistepScheduler"))
                .word("solver_type"))
        .isEqualTo("midpoint");
    assertThat(
            SchedulerConfig.of(unipc, Map.of("name", "DEISMultistepScheduler")).word("solver_type"))
        .isEqualTo("logrho");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EulerDiscreteScheduler | use_karas_sigmas | did you mean use_karras_sigmas?",
        "DDIMScheduler | use_karras_sigmas | DDIMScheduler has no option use_karras_sigmas",
        "EulerDiscreteScheduler | s_churn | it has beta_end, beta_schedule, beta_start",
      })
  void anUnknownKeyIsRefusedWithWhatThereIs(String name, String key, String message) {
    assertThatThrownBy(() -> SchedulerConfig.of(name, Map.of(key, true)))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"EulerScheduler", "DPMSolverMultistep", "Euler a", ""})
  void anUnknownSamplerIsRefusedWithTheNames(String name) {
    assertThatThrownBy(() -> SchedulerConfig.of(SDXL_BASE, Map.of("name", name)))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining("unknown scheduler \"" + name + "\"")
        .hasMessageContaining("EulerAncestralDiscreteScheduler, EulerDiscreteScheduler");
  }

  @Test
  void anUnknownSamplerOfTheModelIsSaidToBeThere() {
    assertThatThrownBy(() -> SchedulerConfig.of(Map.of("_class_name", "Zebra"), Map.of()))
        .isInstanceOf(SchedulerException.class)
        .hasMessageStartingWith(
            "unknown scheduler \"Zebra\" in the model's scheduler_config.json (there are ");
  }

  @Test
  void aNearMissOfANameIsSuggested() {
    assertThatThrownBy(() -> SchedulerConfig.of("DPMSolverMultistep", Map.of()))
        .hasMessageContaining("did you mean DPMSolverMultistepScheduler?");
    assertThatThrownBy(() -> SchedulerConfig.of("Zebra", Map.of()))
        .message()
        .doesNotContain("did you mean");
  }

  @Test
  void aWrongValueIsRefusedWithWhatIsAllowed() {
    refused("EulerDiscreteScheduler", "beta_schedule", "cosine", "scaled_linear");
    refused("EulerDiscreteScheduler", "use_karras_sigmas", "yes", "true or false");
    refused("EulerDiscreteScheduler", "steps_offset", 1.5, "a whole number from 0");
    refused("EulerDiscreteScheduler", "beta_start", -0.1, "a number from 0.0 to 1.0");
    refused("EulerDiscreteScheduler", "sigma_min", "much", "a number from 0.0");
    refused("EulerDiscreteScheduler", "trained_betas", List.of("a"), "a list of numbers");
    refused("KDPM2DiscreteScheduler", "prediction_type", "sample", "epsilon, v_prediction");
    refused("DPMSolverMultistepScheduler", "solver_order", 4, "a whole number from 1 to 3");
    refused("DPMSolverMultistepScheduler", "variance_type", "learned", "null");
    refused("EulerDiscreteScheduler", "trained_betas", List.of(0.1), "which is 1000");
    refused("LCMScheduler", "original_inference_steps", 2000, "up to num_train_timesteps");
    refused("UniPCMultistepScheduler", "shift_terminal", 0.1, "use_flow_sigmas");
    refused("UniPCMultistepScheduler", "use_dynamic_shifting", true, "false");
  }

  private static void refused(String name, String key, Object value, String allowed) {
    assertThatThrownBy(() -> SchedulerConfig.of(name, Map.of(key, value)))
        .isInstanceOf(SchedulerException.class)
        .hasMessageStartingWith(name + ": ")
        .hasMessageContaining(key)
        .hasMessageContaining(allowed);
  }

  @Test
  void settingsThatExcludeEachOtherAreRefused() {
    refusedTogether("use_karras_sigmas", true, "use_beta_sigmas", true);
    refusedTogether("algorithm_type", "dpmsolver", "final_sigmas_type", "zero");
    refusedTogether("algorithm_type", "dpmsolver", "prediction_type", "flow_prediction");
    refusedTogether("algorithm_type", "sde-dpmsolver", "solver_order", 3);
  }

  private static void refusedTogether(String key, Object value, String other, Object second) {
    Map<String, Object> settings = new HashMap<>(Map.of(key, value, other, second));
    settings.putIfAbsent("final_sigmas_type", "sigma_min");
    assertThatThrownBy(() -> SchedulerConfig.of("DPMSolverMultistepScheduler", settings))
        .isInstanceOf(SchedulerException.class)
        .hasMessageContaining(other);
  }

  @Test
  void valuesCannotBeChanged() {
    Map<String, Object> values = SchedulerConfig.of(SDXL_BASE, Map.of()).values();
    assertThatThrownBy(() -> values.put("eta", 1.0))
        .isInstanceOf(UnsupportedOperationException.class);
    List<Double> betas = Arrays.asList(0.1, 0.2);
    SchedulerConfig config =
        SchedulerConfig.of(
            "EulerDiscreteScheduler", Map.of("trained_betas", betas, "num_train_timesteps", 2));
    betas.set(0, 0.9);
    assertThat(config.reals("trained_betas")).containsExactly(0.1, 0.2);
    assertThat(config.values()).containsEntry("trained_betas", List.of(0.1, 0.2));
  }
}
