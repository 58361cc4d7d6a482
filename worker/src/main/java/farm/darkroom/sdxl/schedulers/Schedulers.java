package farm.darkroom.sdxl.schedulers;

import static java.util.Map.entry;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** All schedulers, by their class names in diffusers. */
public final class Schedulers {
  private static final SortedMap<String, Kind> KINDS =
      Collections.unmodifiableSortedMap(
          new TreeMap<>(
              Map.ofEntries(
                  entry("DDIMScheduler", new Kind(DDIMScheduler.OPTIONS, DDIMScheduler::new)),
                  entry("DDPMScheduler", new Kind(DDPMScheduler.OPTIONS, DDPMScheduler::new)),
                  entry(
                      "DEISMultistepScheduler",
                      new Kind(DEISMultistepScheduler.OPTIONS, DEISMultistepScheduler::new)),
                  entry(
                      "DPMSolverMultistepScheduler",
                      new Kind(
                          DPMSolverMultistepScheduler.OPTIONS,
                          DPMSolverMultistepScheduler::new,
                          DPMSolverMultistepScheduler::check)),
                  entry(
                      "DPMSolverSinglestepScheduler",
                      new Kind(
                          DPMSolverSinglestepScheduler.OPTIONS,
                          DPMSolverSinglestepScheduler::new,
                          DPMSolverSinglestepScheduler::check)),
                  entry(
                      "EDMDPMSolverMultistepScheduler",
                      new Kind(
                          EDMDPMSolverMultistepScheduler.OPTIONS,
                          EDMDPMSolverMultistepScheduler::new,
                          EDMDPMSolverMultistepScheduler::check)),
                  entry(
                      "EDMEulerScheduler",
                      new Kind(EDMEulerScheduler.OPTIONS, EDMEulerScheduler::new)),
                  entry(
                      "EulerAncestralDiscreteScheduler",
                      new Kind(
                          EulerAncestralDiscreteScheduler.OPTIONS,
                          EulerAncestralDiscreteScheduler::new)),
                  entry(
                      "EulerDiscreteScheduler",
                      new Kind(EulerDiscreteScheduler.OPTIONS, EulerDiscreteScheduler::new)),
                  entry(
                      "HeunDiscreteScheduler",
                      new Kind(HeunDiscreteScheduler.OPTIONS, HeunDiscreteScheduler::new)),
                  entry(
                      "KDPM2AncestralDiscreteScheduler",
                      new Kind(
                          KDPM2AncestralDiscreteScheduler.OPTIONS,
                          KDPM2AncestralDiscreteScheduler::new)),
                  entry(
                      "KDPM2DiscreteScheduler",
                      new Kind(KDPM2DiscreteScheduler.OPTIONS, KDPM2DiscreteScheduler::new)),
                  entry(
                      "LCMScheduler",
                      new Kind(LCMScheduler.OPTIONS, LCMScheduler::new, DistilledScheduler::check)),
                  entry(
                      "LMSDiscreteScheduler",
                      new Kind(LMSDiscreteScheduler.OPTIONS, LMSDiscreteScheduler::new)),
                  entry("PNDMScheduler", new Kind(PNDMScheduler.OPTIONS, PNDMScheduler::new)),
                  entry(
                      "TCDScheduler",
                      new Kind(TCDScheduler.OPTIONS, TCDScheduler::new, DistilledScheduler::check)),
                  entry(
                      "UniPCMultistepScheduler",
                      new Kind(
                          UniPCMultistepScheduler.OPTIONS,
                          UniPCMultistepScheduler::new,
                          UniPCMultistepScheduler::check)))));

  private Schedulers() {}

  /**
   * A class of samplers.
   *
   * @param check refuses options that exclude each other
   */
  private record Kind(
      List<Option> options,
      BiFunction<SchedulerConfig, LatentMath, Scheduler> create,
      Consumer<SchedulerConfig> check) {

    /** Its options go with each other in any way. */
    Kind(List<Option> options, BiFunction<SchedulerConfig, LatentMath, Scheduler> create) {
      this(options, create, config -> {});
    }
  }

  /** A new sampler for one job. */
  public static Scheduler create(SchedulerConfig config, LatentMath math) {
    return KINDS.get(config.name()).create.apply(config, math);
  }

  /**
   * A sampler that takes no step: it only has a schedule, or refuses one. It needs no libtorch, and
   * is rounded as Java rounds.
   */
  public static Scheduler unable(SchedulerConfig config) {
    return create(config, LatentMath.ABSENT);
  }

  /** The class names that a job or a snapshot may give. */
  public static SortedSet<String> names() {
    return new TreeSet<>(KINDS.keySet());
  }

  /**
   * @param where it was found, for messages
   */
  static String checkName(Object found, String where) {
    if (found instanceof String name && KINDS.containsKey(name)) {
      return name;
    }
    String shown = found instanceof String name ? "\"" + name + "\"" : String.valueOf(found);
    throw new SchedulerException(
        "unknown scheduler %s%s%s (there are %s)"
            .formatted(
                shown,
                where,
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
