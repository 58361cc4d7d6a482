package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * diffusers' UNet2DConditionModel for SDXL's family. The graph comes from the config; weights are
 * held block by block, in the order of {@link #groups()}. Not thread-safe.
 */
public final class UNet2DConditionModel {
  private final UNetConfig config;
  private final Kernels kernels;
  private final Weights weights;
  private final UNetTopology topology;

  /** The weights still belong to the caller. */
  public UNet2DConditionModel(UNetConfig config, Kernels kernels, Weights weights) {
    this.config = config;
    this.kernels = kernels;
    this.weights = weights;
    this.topology = new UNetTopology(config);
  }

  public UNetConfig config() {
    return config;
  }

  /** Every tensor that the model has: what a job holds once, then what each step holds. */
  public List<WeightGroup> groups() {
    return topology.groups();
  }

  /** The weight groups of a model before it is opened. */
  public static List<WeightGroup> groups(UNetConfig config) {
    return new UNetTopology(config).groups();
  }

  /** The {@link #groups(UNetConfig)} that are used once per job. */
  public static List<WeightGroup> conditioningGroups(UNetConfig config) {
    return new UNetTopology(config).conditioningGroups();
  }

  /** The {@link #groups(UNetConfig)} that every step uses, in order. */
  public static List<WeightGroup> stepGroups(UNetConfig config) {
    return new UNetTopology(config).stepGroups();
  }

  /** Computes once per job what the text and the sizes become; the caller closes it. */
  public UNetConditioning condition(TextTime input) {
    return topology.encoder().condition(topology.attentions(), kernels, weights, input);
  }

  /**
   * Adds a row for a perturbed prediction: the last one again, in which the self-attentions of
   * {@code layers} are the identity.
   *
   * @throws SdxlException as {@link PerturbedLayers#check}
   */
  public void perturb(UNetConditioning conditioning, PerturbedLayers layers) {
    Set<String> selfAttentions = layers.of(topology);
    conditioning.repeatLast(kernels);
    conditioning.perturbLast(selfAttentions);
  }

  /**
   * Predicts noise, velocity or sample, whichever the model was trained for.
   *
   * @return float32 {@code [n, out_channels, h, w]}, which belongs to {@code owner}
   * @throws SdxlException for a sample of other channels, or another batch than the conditioning's
   */
  public NDArray forward(NDManager owner, UNetInput input) {
    check(input);
    UNetEncoder encoder = topology.encoder();
    try (NDManager scope = kernels.manager().newSubManager()) {
      UNetPass pass =
          encoder.pass(
              kernels,
              weights,
              scope,
              input.conditioning(),
              input.timestep(),
              input.timestepCond());
      Deque<NDArray> skips =
          encoder.down(encoder.convIn(input.sample(), pass), input.adapter(), pass);
      NDArray x = encoder.middle(skips.getLast(), input.adapter(), pass);
      if (input.control().isPresent()) {
        x = input.control().get().addTo(skips, x, pass);
      }
      for (int i = 0; i < topology.up().size(); i++) {
        int block = i;
        x = topology.up().get(i).forward(x, skips, pass, input.freeU().flatMap(f -> f.of(block)));
      }
      return topology.out(owner, x, pass);
    }
  }

  private void check(UNetInput input) {
    Shape found = input.sample().getShape();
    long batch = input.conditioning().batch();
    if (found.dimension() != 4 || found.get(0) != batch || found.get(1) != config.inChannels()) {
      throw new SdxlException(
          "the sample is %s; this unet expects (%d, %d, height, width) for text of %d"
              .formatted(found, batch, config.inChannels(), batch));
    }
  }
}
