package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import farm.darkroom.common.json.FieldWriter;
import farm.darkroom.common.json.Fields;
import farm.darkroom.common.json.JsonType;
import farm.darkroom.common.json.JsonTypes;
import farm.darkroom.common.json.Problems;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A diffusers scheduler and what its config overrides of the snapshot's.
 *
 * @param name the class name in diffusers, such as EulerDiscreteScheduler
 * @param config by diffusers' field names; values are Boolean, Integer, Double, String, List of
 *     Integer, List of Double, or null for None
 */
public record SchedulerChoice(String name, SortedMap<String, Object> config) {
  private static final JsonType<SchedulerChoice> OBJECT = JsonTypes.object(SchedulerChoice::read);
  private static final List<String> SPACINGS =
      List.of("use_karras_sigmas", "use_exponential_sigmas", "use_beta_sigmas");

  public SchedulerChoice {
    config = Collections.unmodifiableSortedMap(new TreeMap<>(config));
  }

  /** An object with {@code name} and config fields, or text that {@link SamplerAliases} knows. */
  static JsonType<SchedulerChoice> type() {
    return (value, path, problems) ->
        value.isTextual()
            ? ofText(value.textValue(), path, problems)
            : OBJECT.read(value, path, problems);
  }

  /**
   * @throws farm.darkroom.common.FarmException INVALID_JOB when it is none
   */
  static SchedulerChoice of(ObjectNode node) {
    return OBJECT.require(node);
  }

  ObjectNode toJson() {
    FieldWriter out = new FieldWriter().put("name", name);
    config.forEach(out::put);
    return out.done();
  }

  private static Optional<SchedulerChoice> ofText(String text, String path, Problems problems) {
    Optional<SchedulerChoice> choice = SamplerAliases.find(text);
    if (choice.isEmpty()) {
      problems.add(path, SamplerAliases.complaint(text));
    }
    return choice;
  }

  private static Optional<SchedulerChoice> read(Fields f) {
    Optional<String> name = f.required("name", JsonTypes.oneOf(SchedulerNames.all()));
    SortedMap<String, Object> config = new TreeMap<>();
    name.ifPresent(
        n -> {
          SchedulerNames.fields(n).forEach((field, type) -> readField(f, field, type, config));
          f.noOthers();
          refuseTwoSpacings(f, config);
        });
    return name.map(n -> new SchedulerChoice(n, config));
  }

  private static void readField(
      Fields f, String field, ConfigType type, SortedMap<String, Object> into) {
    if (type.allowsNull() && f.isNull(field)) {
      into.put(field, null);
    }
    f.optional(field, type.type()).ifPresent(value -> into.put(field, value));
  }

  private static void refuseTwoSpacings(Fields f, SortedMap<String, Object> config) {
    List<String> on = SPACINGS.stream().filter(s -> Boolean.TRUE.equals(config.get(s))).toList();
    if (on.size() > 1) {
      f.refuse(on.get(1), "found true beside " + on.get(0) + ", allowed: one of the two");
    }
  }
}
