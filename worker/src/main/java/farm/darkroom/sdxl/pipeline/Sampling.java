package farm.darkroom.sdxl.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How a request is sampled.
 *
 * @param seed as {@code torch.manual_seed} takes it
 * @param steps {@code num_inference_steps}
 * @param scheduler overrides of the snapshot's scheduler config, {@code name} among them
 * @param timesteps custom timesteps; empty for none
 * @param sigmas custom sigmas; empty for none
 * @param denoisingStart the fraction of the noise schedule that another model has done
 * @param denoisingEnd the fraction at which this model stops
 */
public record Sampling(
    long seed,
    int steps,
    double guidanceScale,
    double guidanceRescale,
    double eta,
    ObjectNode scheduler,
    List<Double> timesteps,
    List<Double> sigmas,
    OptionalDouble denoisingStart,
    OptionalDouble denoisingEnd) {

  public Sampling {
    scheduler = scheduler.deepCopy();
    timesteps = List.copyOf(timesteps);
    sigmas = List.copyOf(sigmas);
  }

  /** Plain sampling with the snapshot's scheduler. */
  public static Sampling of(long seed, int steps, double guidanceScale) {
    return new Sampling(
        seed,
        steps,
        guidanceScale,
        0,
        0,
        JsonNodeFactory.instance.objectNode(),
        List.of(),
        List.of(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }

  /** The same with another scheduler config. */
  public Sampling withScheduler(JsonNode overrides) {
    return new Sampling(
        seed,
        steps,
        guidanceScale,
        guidanceRescale,
        eta,
        (ObjectNode) overrides,
        timesteps,
        sigmas,
        denoisingStart,
        denoisingEnd);
  }
}
