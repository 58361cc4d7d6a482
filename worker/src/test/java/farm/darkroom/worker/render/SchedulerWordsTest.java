package farm.darkroom.worker.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.job.RenderJob;
import farm.darkroom.common.job.SchedulerChoice;
import farm.darkroom.common.job.SchedulerNames;
import farm.darkroom.common.json.Json;
import farm.darkroom.common.json.Resources;
import farm.darkroom.sdxl.schedulers.SchedulerConfig;
import farm.darkroom.sdxl.schedulers.Schedulers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Whatever scheduler a job may ask for, the engine has. */
class SchedulerWordsTest {

  @Test
  void bothKnowTheSameSchedulers() {
    assertThat(Schedulers.names()).containsExactlyInAnyOrderElementsOf(SchedulerNames.all());
  }

  @TestFactory
  Stream<DynamicTest> theEngineTakesWhatAJobMaySay() {
    JsonNode table = Resources.json(SchedulerNames.class, "schedulers.json");
    List<DynamicTest> tests = new ArrayList<>();
    for (Map.Entry<String, JsonNode> scheduler : table.properties()) {
      for (Map.Entry<String, JsonNode> field : scheduler.getValue().properties()) {
        for (String value : samples(field.getValue().textValue())) {
          ObjectNode choice = Json.object().put("name", scheduler.getKey());
          choice.set(field.getKey(), Json.parse(value));
          finish(choice, scheduler.getValue());
          tests.add(DynamicTest.dynamicTest(choice.toString(), () -> takes(choice)));
        }
      }
    }
    return tests.stream();
  }

  private static void takes(ObjectNode written) {
    ObjectNode job = Json.object().put("model", "demo").put("prompt", "");
    job.set("scheduler", written);
    SchedulerChoice choice = RenderJob.fromJson(job).sampling().scheduler().orElseThrow();
    assertThatCode(() -> SchedulerConfig.of(choice.name(), choice.config()))
        .doesNotThrowAnyException();
  }

  /** What some values need beside them. */
  private static void finish(ObjectNode choice, JsonNode fields) {
    String algorithm = choice.path("algorithm_type").asText();
    if (algorithm.endsWith("dpmsolver") && fields.has("final_sigmas_type")) {
      choice.put("final_sigmas_type", "sigma_min");
    }
    if (choice.path("trained_betas").isArray()) {
      choice.put("num_train_timesteps", choice.get("trained_betas").size());
    }
    if (choice.has("shift_terminal")) {
      choice.put("use_flow_sigmas", true);
    }
    if (fields.has("original_inference_steps") && choice.has("num_train_timesteps")) {
      choice.put("original_inference_steps", 1);
    } else if (choice.has("original_inference_steps")) {
      choice.put("num_train_timesteps", 1_000_000);
    }
  }

  /** The limits of a range, every word, both truth values. */
  private static List<String> samples(String words) {
    if (words.contains("..")) {
      return List.of(words.replace(" or null", "").split(" |\\.\\.")).subList(1, 3);
    }
    return switch (words) {
      case "boolean" -> List.of("true", "false");
      case "false", "null" -> List.of(words);
      case "integers" -> List.of("[]", "[0, 3]");
      case "numbers or null" -> List.of("[0.1, 0.2]", "null");
      default -> Stream.of(words.split("\\|")).map(word -> '"' + word + '"').toList();
    };
  }
}
