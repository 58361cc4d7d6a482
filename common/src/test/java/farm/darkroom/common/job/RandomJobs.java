package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import farm.darkroom.common.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Jobs as people could write them: any of the fields, with any value that is allowed there. */
final class RandomJobs {
  private static final String LETTERS = "abc XYZ(:1.3)\u00e9\u4e2d\n\t\"\\/";
  private static final List<SchedulerChoice> SCHEDULERS =
      List.copyOf(SamplerAliases.all().values());
  private static final Map<String, Function<Random, String>> FIELDS = fields();

  private RandomJobs() {}

  /** Valid jobs with a seed. */
  static Arbitrary<ObjectNode> jobs() {
    return Arbitraries.randomValue(RandomJobs::job);
  }

  private static ObjectNode job(Random random) {
    ObjectNode job = Json.object();
    job.put("model", "demo").put("prompt", "a cube");
    job.put("seed", random.nextLong() >>> (1 + random.nextInt(60)) & ~0xffL);
    FIELDS.forEach(
        (name, text) -> {
          if (random.nextInt(3) == 0) {
            job.set(name, Json.parse(text.apply(random)));
          }
        });
    if (job.has("t2i_adapter")) {
      job.remove(List.of("image", "controlnet", "pag_scale"));
    }
    return job;
  }

  private static Map<String, Function<Random, String>> fields() {
    Map<String, Function<Random, String>> fields = new LinkedHashMap<>();
    for (String name : List.of("prompt", "prompt_2", "negative_prompt", "negative_prompt_2")) {
      fields.put(name, RandomJobs::words);
    }
    for (String name : List.of("guidance_scale", "guidance_rescale", "eta", "pag_scale")) {
      fields.put(name, RandomJobs::number);
    }
    for (String name : List.of("original_size", "target_size", "crops_coords_top_left")) {
      fields.put(name, random -> "[" + whole(random, 1, 9) + ", " + whole(random, 1, 9) + "]");
    }
    fields.put("height", random -> String.valueOf(8 * (2 + random.nextInt(511))));
    fields.put("num_inference_steps", random -> whole(random, 4, 1000));
    fields.put("num_images_per_prompt", random -> whole(random, 1, 9));
    fields.put("clip_skip", random -> whole(random, 0, 9));
    fields.put("image", random -> random.nextBoolean() ? "\"s3://b/k\"" : "\"a.png\"");
    fields.put("labels", random -> "{\"k\": " + words(random) + "}");
    fields.put("loras", random -> "[{\"path\": \"l\", \"weight\": " + number(random) + "}]");
    fields.put(
        "controlnet",
        random ->
            random.nextBoolean()
                ? "[{\"model\": \"c\", \"image\": \"s3://b/e\", \"control_mode\": 0}]"
                : "[{\"model\": \"c\", \"image\": [\"s3://b/e\", \"s3://b/f\"], \"control_mode\": [0, 2], \"controlnet_conditioning_scale\": [1, "
                    + number(random)
                    + "]}]");
    fields.put(
        "t2i_adapter",
        random ->
            "[{\"model\": \"t\", \"image\": \"s3://b/l\", \"adapter_conditioning_scale\": 0.5}]");
    fields.put(
        "ip_adapter",
        random ->
            "[{\"model\": \"i\", \"image\": [\"s3://b/s\", \"s3://b/t\"], \"scale\": {\"mid\": 1, \"up\": {\"block_0\": [0, 0.5]}}}]");
    fields.put(
        "freeu",
        random -> "{\"s1\": 0." + whole(random, 1, 9) + ", \"s2\": 1, \"b1\": 1.1, \"b2\": 2}");
    fields.put("sigmas", random -> "[" + number(random) + ", 0]");
    fields.put("output_type", random -> random.nextBoolean() ? "\"pil\"" : "\"latent\"");
    fields.put(
        "refiner", random -> "{\"model\": \"r\", \"strength\": 0." + whole(random, 25, 99) + "}");
    fields.put("scheduler", random -> scheduler(random).toString());
    return fields;
  }

  private static String whole(Random random, int min, int max) {
    return String.valueOf(min + random.nextInt(max - min + 1));
  }

  private static String number(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> "0";
      case 1 -> "1.0";
      case 2 -> "5e-1";
      default -> String.valueOf(random.nextDouble());
    };
  }

  private static String words(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(20); i > 0; i--) {
      text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return TextNode.valueOf(text.toString()).toString();
  }

  private static JsonNode scheduler(Random random) {
    return SCHEDULERS.get(random.nextInt(SCHEDULERS.size())).toJson();
  }
}
