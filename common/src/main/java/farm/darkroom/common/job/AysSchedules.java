package farm.darkroom.common.job;

import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The schedules of Align Your Steps (arXiv 2404.14507), under the names that they have in
 * diffusers' {@code AysSchedules}.
 */
final class AysSchedules {
  private static final Map<String, List<Integer>> TIMESTEPS =
      Map.of(
          "StableDiffusionTimesteps",
          List.of(999, 850, 736, 645, 545, 455, 343, 233, 124, 24),
          "StableDiffusionXLTimesteps",
          List.of(999, 845, 730, 587, 443, 310, 193, 116, 53, 13));
  private static final Map<String, List<Double>> SIGMAS =
      Map.of(
          "StableDiffusionSigmas",
          List.of(14.615, 6.475, 3.861, 2.697, 1.886, 1.396, 0.963, 0.652, 0.399, 0.152, 0.0),
          "StableDiffusionXLSigmas",
          List.of(14.615, 6.315, 3.771, 2.181, 1.342, 0.862, 0.555, 0.380, 0.234, 0.113, 0.0),
          "StableDiffusionVideoSigmas",
          List.of(700.0, 54.5, 15.886, 7.977, 4.248, 1.789, 0.981, 0.403, 0.173, 0.034, 0.0));

  private AysSchedules() {}

  static JsonType<List<Integer>> orTimesteps(JsonType<List<Integer>> list) {
    return or(TIMESTEPS, list);
  }

  static JsonType<List<Double>> orSigmas(JsonType<List<Double>> list) {
    return or(SIGMAS, list);
  }

  private static <T> JsonType<List<T>> or(Map<String, List<T>> named, JsonType<List<T>> list) {
    JsonType<List<T>> byName =
        JsonTypes.oneOf(List.copyOf(new TreeSet<>(named.keySet()))).as(named::get);
    return (value, path, problems) ->
        value.isTextual() ? byName.read(value, path, problems) : list.read(value, path, problems);
  }
}
