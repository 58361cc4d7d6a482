package farm.darkroom.sdxl.schedulers;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;

/**
 * The whole configuration of one sampler: what the job says, else what the snapshot's {@code
 * scheduler_config.json} says, else the class's default, under diffusers' names. Besides the
 * constructor's keys it has the one argument of {@code step} that a pipeline passes on: {@code
 * eta}. Immutable.
 */
public final class SchedulerConfig {
  private static final String IN_SNAPSHOT = " in the model's scheduler_config.json";

  private final String name;
  private final Map<String, Object> values;

  private SchedulerConfig(String name, Map<String, Object> values) {
    this.name = name;
    this.values = Collections.unmodifiableMap(values);
  }

  /**
   * Lays a job's settings over a snapshot's, as {@code Class.from_config(config, **settings)} does.
   * Of the snapshot, keys that the sampler does not have are left out, since snapshots carry keys
   * of other samplers; of the job, they are refused.
   *
   * @param snapshot parsed {@code scheduler_config.json}; its {@code _class_name} is the sampler
   *     where the job names none
   * @param job parsed {@code scheduler} of a job, {@code name} being the sampler; may be empty
   * @throws SchedulerException if the sampler is unknown, or a key or value is not allowed
   */
  public static SchedulerConfig of(Map<String, ?> snapshot, Map<String, ?> job) {
    String name =
        job.containsKey("name")
            ? Schedulers.checkName(job.get("name"), "")
            : Schedulers.checkName(snapshot.get("_class_name"), IN_SNAPSHOT);
    Map<String, Object> values = new LinkedHashMap<>();
    Map<String, Option> options = new LinkedHashMap<>();
    for (Option option : Schedulers.options(name)) {
      options.put(option.name(), option);
      values.put(option.name(), value(name, option, snapshot, job));
    }
    for (String key : job.keySet()) {
      if (!key.equals("name") && !options.containsKey(key)) {
        throw unknown(name, key, options);
      }
    }
    SchedulerConfig config = new SchedulerConfig(name, values);
    Schedulers.check(config);
    return config;
  }

  /** The sampler with its defaults, and these settings. */
  public static SchedulerConfig of(String name, Map<String, ?> settings) {
    return of(Map.of("_class_name", name), settings);
  }

  private static Object value(
      String name, Option option, Map<String, ?> snapshot, Map<String, ?> job) {
    boolean own = job.containsKey(option.name());
    Object found = own ? job.get(option.name()) : snapshot.get(option.name());
    if (found == null) {
      return !own && snapshot.containsKey(option.name()) ? option.ofNull() : option.fallback();
    }
    Object value = option.read(found);
    if (value == null && !option.ignores(found)) {
      String shown = found instanceof String ? "\"" + found + "\"" : String.valueOf(found);
      throw new SchedulerException(
          "%s: %s is %s%s, allowed: %s"
              .formatted(name, option.name(), shown, own ? "" : IN_SNAPSHOT, option.allowed()));
    }
    return value;
  }

  private static SchedulerException unknown(String name, String key, Map<String, Option> options) {
    return new SchedulerException(
        "%s has no option %s%s (it has %s)"
            .formatted(
                name,
                key,
                NearestName.hint(key, options.keySet()),
                String.join(", ", new TreeSet<>(options.keySet()))));
  }

  /** The class name in diffusers. */
  public String name() {
    return name;
  }

  /** All keys with their values, in the order of diffusers' constructor. */
  public Map<String, Object> values() {
    return values;
  }

  /** Whether the sampler has this option. */
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /**
   * The pipeline's {@code eta}, which only some samplers take: the others stay as they are.
   *
   * @throws SchedulerException if it is out of the sampler's range
   */
  public SchedulerConfig withEta(double eta) {
    return has("eta") ? of(Map.of("_class_name", name), with("eta", eta)) : this;
  }

  private Map<String, Object> with(String key, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changed.put(key, value);
    return changed;
  }

  boolean flag(String key) {
    return (Boolean) values.get(key);
  }

  /** False also where the sampler has no such option. */
  boolean flagIfAny(String key) {
    return Boolean.TRUE.equals(values.get(key));
  }

  int whole(String key) {
    return (Integer) values.get(key);
  }

  double real(String key) {
    return (Double) values.get(key);
  }

  /** Empty where the value is null or the sampler has no such option. */
  OptionalDouble realIfAny(String key) {
    Double value = (Double) values.get(key);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  String word(String key) {
    return (String) values.get(key);
  }

  boolean is(String key, String word) {
    return word.equals(values.get(key));
  }

  /** A list of numbers, or null. */
  double[] reals(String key) {
    List<?> list = (List<?>) values.get(key);
    return list == null ? null : list.stream().mapToDouble(value -> (Double) value).toArray();
  }

  /** How many timesteps the model was trained with. */
  public int trainTimesteps() {
    return whole("num_train_timesteps");
  }

  String prediction() {
    return word("prediction_type");
  }

  SchedulerException refuse(String message) {
    return new SchedulerException(name + ": " + message);
  }
}
