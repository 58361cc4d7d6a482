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
    add("DDIMScheduler", DDIMScheduler.OPTIONS, DDIMScheduler::new, Schedulers::anything);
    add("DDPMScheduler", DDPMScheduler.OPTIONS, DDPMScheduler::new, Schedulers::anything);
    add(
        "DEISMultistepScheduler",
        DEISMultistepScheduler.OPTIONS,
        DEISMultistepScheduler::new,
        Schedulers::anything);
    add(
        "DPMSolverMultistepScheduler",
        DPMSolverMultistepScheduler.OPTIONS,
        DPMSolverMultistepScheduler::new,
        DPMSolverMultistepScheduler::check);
    add(
        "DPMSolverSinglestepScheduler",
        DPMSolverSinglestepScheduler.OPTIONS,
        DPMSolverSinglestepScheduler::new,
        DPMSolverSinglestepScheduler::check);
    add(
        "EDMDPMSolverMultistepScheduler",
        EDMDPMSolverMultistepScheduler.OPTIONS,
        EDMDPMSolverMultistepScheduler::new,
        EDMDPMSolverMultistepScheduler::check);
    add(
        "EDMEulerScheduler",
        EDMEulerScheduler.OPTIONS,
        EDMEulerScheduler::new,
        Schedulers::anything);
    add(
        "EulerAncestralDiscreteScheduler",
        EulerAncestralDiscreteScheduler.OPTIONS,
        EulerAncestralDiscreteScheduler::new,
        Schedulers::anything);
    add(
        "EulerDiscreteScheduler",
        EulerDiscreteScheduler.OPTIONS,
        EulerDiscreteScheduler::new,
        Schedulers::anything);
    add(
        "HeunDiscreteScheduler",
        HeunDiscreteScheduler.OPTIONS,
        HeunDiscreteScheduler::new,
        Schedulers::anything);
    add(
        "KDPM2AncestralDiscreteScheduler",
        KDPM2AncestralDiscreteScheduler.OPTIONS,
        KDPM2AncestralDiscreteScheduler::new,
        Schedulers::anything);
    add(
        "KDPM2DiscreteScheduler",
        KDPM2DiscreteScheduler.OPTIONS,
        KDPM2DiscreteScheduler::new,
        Schedulers::anything);
    add("LCMScheduler", LCMScheduler.OPTIONS, LCMScheduler::new, DistilledScheduler::check);
    add(
        "LMSDiscreteScheduler",
        LMSDiscreteScheduler.OPTIONS,
        LMSDiscreteScheduler::new,
        Schedulers::anything);
    add("PNDMScheduler", PNDMScheduler.OPTIONS, PNDMScheduler::new, Schedulers::anything);
    add("TCDScheduler", TCDScheduler.OPTIONS, TCDScheduler::new, DistilledScheduler::check);
    add(
        "UniPCMultistepScheduler",
        UniPCMultistepScheduler.OPTIONS,
        UniPCMultistepScheduler::new,
        UniPCMultistepScheduler::check);
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

  private static void anything(SchedulerConfig config) {}

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
                NearestName.hint(String.valueOf(found), KINDS.keySet()),
                String.join(", ", KINDS.keySet())));
  }

  static List<Option> options(String name) {
    return KINDS.get(name).options;
  }

  /** Refuses settings that exclude each other. */
  static void check(SchedulerConfig config) {
    SigmaShape.of(config);
    BetaSchedule.check(config);
    KINDS.get(config.name()).check.accept(config);
  }
}
