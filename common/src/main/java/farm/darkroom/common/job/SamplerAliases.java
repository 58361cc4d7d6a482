package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.Found;
import farm.darkroom.common.json.NearMiss;
import farm.darkroom.common.json.Resources;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A1111's sampler names for diffusers' schedulers, both ways: the table of the diffusers
 * documentation (API, Schedulers, Overview) with the schedule types, such as Karras, behind each
 * sampler that has them ({@code samplers.json}).
 */
final class SamplerAliases {
  private static final String ENDING = "Scheduler";
  private static final Map<String, SchedulerChoice> ALIASES = load();
  private static final Map<String, List<Map.Entry<String, SchedulerChoice>>> BY_SCHEDULER =
      ALIASES.entrySet().stream().collect(Collectors.groupingBy(alias -> alias.getValue().name()));

  private SamplerAliases() {}

  /** Every alias with what it stands for, the plain samplers first. */
  static Map<String, SchedulerChoice> all() {
    return ALIASES;
  }

  /**
   * What a user means by {@code typed}: an alias in any case, or a diffusers class name with or
   * without Scheduler at its end; empty for a name that neither knows.
   */
  static Optional<SchedulerChoice> find(String typed) {
    String plain = plain(typed);
    return ALIASES.entrySet().stream()
        .filter(alias -> plain(alias.getKey()).equals(plain))
        .map(Map.Entry::getValue)
        .findFirst()
        .or(() -> byClass(typed));
  }

  /**
   * The alias that says most about a scheduler; its class name where there is none.
   *
   * @param scheduler with its whole config, or with what differs from the defaults
   */
  static String nameOf(SchedulerChoice scheduler) {
    return BY_SCHEDULER.getOrDefault(scheduler.name(), List.of()).stream()
        .filter(alias -> covers(alias.getValue(), scheduler))
        .max(Comparator.comparingInt(alias -> alias.getValue().config().size()))
        .map(Map.Entry::getKey)
        .orElse(scheduler.name());
  }

  /** What is wrong with a name that {@link #find} does not know. */
  static String complaint(String typed) {
    List<String> known = new ArrayList<>(SchedulerNames.all());
    known.addAll(ALIASES.keySet());
    return "found "
        + Found.quoted(typed)
        + ", allowed: a scheduler such as EulerDiscreteScheduler or a sampler such as \"DPM++ 2M"
        + " SDE Karras\""
        + NearMiss.find(typed, known).map(NearMiss::hint).orElse("; docs/jobs.md lists them all");
  }

  private static Optional<SchedulerChoice> byClass(String typed) {
    return SchedulerNames.all().stream()
        .filter(name -> name.equals(typed) || name.equals(typed + ENDING))
        .map(name -> new SchedulerChoice(name, Collections.emptySortedMap()))
        .findFirst();
  }

  private static boolean covers(SchedulerChoice alias, SchedulerChoice scheduler) {
    return alias.config().entrySet().stream()
        .allMatch(e -> Objects.equals(e.getValue(), scheduler.config().get(e.getKey())));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]+", " ").strip();
  }

  private static Map<String, SchedulerChoice> load() {
    JsonNode table = Resources.json(SamplerAliases.class, "samplers.json");
    Map<String, SchedulerChoice> aliases = new LinkedHashMap<>();
    table
        .get("samplers")
        .properties()
        .forEach(s -> aliases.put(s.getKey(), SchedulerChoice.of((ObjectNode) s.getValue())));
    for (Map.Entry<String, JsonNode> schedule : table.get("schedules").properties()) {
      for (Map.Entry<String, JsonNode> sampler : table.get("samplers").properties()) {
        with(sampler.getValue(), schedule.getValue())
            .ifPresent(s -> aliases.put(sampler.getKey() + " " + schedule.getKey(), s));
      }
    }
    return Collections.unmodifiableMap(aliases);
  }

  /** Empty where the sampler has no such schedule. */
  private static Optional<SchedulerChoice> with(JsonNode sampler, JsonNode schedule) {
    String field = schedule.fieldNames().next();
    boolean has = SchedulerNames.fields(sampler.get("name").textValue()).containsKey(field);
    ObjectNode both = sampler.deepCopy();
    both.setAll((ObjectNode) schedule);
    return has ? Optional.of(SchedulerChoice.of(both)) : Optional.empty();
  }
}
