package farm.darkroom.sdxl.schedulers;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** All samplers by their class names in diffusers. */
public final class Schedulers {
  private static final Map<String, Kind> KINDS = new TreeMap<>();

  static {
    add("DDIMScheduler", DDIMScheduler.OPTIONS, DDIMScheduler::new, config -> {});
    add(
        "DPMSolverMultistepScheduler",
        DPMSolverMultistepScheduler.OPTIONS,
        DPMSolverMultistepScheduler::new,
        DPMSolverMultistepScheduler::check);
    add(
        "EulerDiscreteScheduler",
        EulerDiscreteScheduler.OPTIONS,
        EulerDiscreteScheduler::new,
        config -> {});
  }

  private Schedulers() {}

  private record Kind(
      List<Option> options,
      BiFunction<SchedulerConfig, LatentMath, Scheduler> create,
      Consumer<SchedulerConfig> check) {}

  private static void add(
      String name,
      List<Option> options,
      BiFunction<SchedulerConfig, LatentMath, Scheduler> create,
      Consumer<SchedulerConfig> check) {
    KINDS.put(name, new Kind(options, create, check));
  }

  /** A new sampler for one job. */
  public static Scheduler create(SchedulerConfig config, LatentMath math) {
    return KINDS.get(config.name()).create.apply(config, math);
  }

  /** The class names that a job or a snapshot may give. */
  public static SortedSet<String> names() {
    return new TreeSet<>(KINDS.keySet());
  }

  static String checkName(Object found) {
    if (found instanceof String name && KINDS.containsKey(name)) {
      return name;
    }
    String shown = found instanceof String name ? "\"" + name + "\"" : String.valueOf(found);
    throw new SchedulerException(
        "unknown scheduler %s%s (there are %s)"
            .formatted(
                shown,
                NearMiss.hint(String.valueOf(found), KINDS.keySet()),
                String.join(", ", KINDS.keySet())));
  }

  static List<Option> options(String name) {
    return KINDS.get(name).options;
  }

  /** Refuses settings that exclude each other. */
  static void check(SchedulerConfig config) {
    SigmaShape.of(config);
    KINDS.get(config.name()).check.accept(config);
  }
}
