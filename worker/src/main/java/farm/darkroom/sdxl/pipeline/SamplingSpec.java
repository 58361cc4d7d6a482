package farm.darkroom.sdxl.pipeline;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * The sampling parameters of a request.
 *
 * @param seed as {@code torch.manual_seed} takes it
 * @param schedule how many steps, or which
 * @param guidance how strongly the prompt pulls
 * @param eta of DDIM and TCD
 * @param scheduler overrides of the snapshot's scheduler config, {@code name} among them
 * @param denoisingStart the fraction of the noise schedule that another model has done
 * @param denoisingEnd the fraction at which this model stops
 */
public record SamplingSpec(
    long seed,
    StepSchedule schedule,
    Guidance guidance,
    double eta,
    Map<String, Object> scheduler,
    OptionalDouble denoisingStart,
    OptionalDouble denoisingEnd) {

  public SamplingSpec {
    scheduler = Collections.unmodifiableMap(new HashMap<>(scheduler)); // nulls are overrides too
  }

  /** Plain sampling with the snapshot's scheduler. */
  public static SamplingSpec of(long seed, int steps, double guidanceScale) {
    return new SamplingSpec(
        seed,
        StepSchedule.of(steps),
        new Guidance(guidanceScale, 0),
        0,
        Map.of(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }
}
