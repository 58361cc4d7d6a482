package farm.darkroom.common.job;

import com.fasterxml.jackson.databind.JsonNode;
import farm.darkroom.common.json.Resources;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The schedulers that a job may name, and their config fields, read from {@code schedulers.json}.
 */
public final class SchedulerNames {
  private static final Map<String, SortedMap<String, ConfigType>> KNOWN = load();

  private SchedulerNames() {}

  /** Class names as in diffusers. */
  public static List<String> all() {
    return List.copyOf(KNOWN.keySet());
  }

  static SortedMap<String, ConfigType> fields(String name) {
    return KNOWN.get(name);
  }

  private static Map<String, SortedMap<String, ConfigType>> load() {
    Map<String, SortedMap<String, ConfigType>> known = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> scheduler :
        Resources.json(SchedulerNames.class, "schedulers.json").properties()) {
      SortedMap<String, ConfigType> fields = new TreeMap<>();
      scheduler
          .getValue()
          .properties()
          .forEach(f -> fields.put(f.getKey(), ConfigType.of(f.getValue().asText())));
      known.put(scheduler.getKey(), fields);
    }
    return Collections.unmodifiableMap(known);
  }
}
