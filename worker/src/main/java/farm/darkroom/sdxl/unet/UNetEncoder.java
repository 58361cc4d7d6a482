package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The half that UNet2DConditionModel and ControlNetModel share: embeddings, down blocks and mid
 * block.
 */
final class UNetEncoder {
  private final TimeEmbedding time;
  private final WeightGroup convIn;
  private final int padding;
  private final List<DownBlock2D> down = new ArrayList<>();
  private final Optional<UNetMidBlock2D> middle;

  UNetEncoder(EncoderConfig config) {
    this.time = new TimeEmbedding(config.time());
    this.padding = (config.convInKernel() - 1) / 2;
    int channels = config.baseChannels();
    this.convIn =
        WeightGroup.of("conv_in", "")
            .convolution("conv_in", config.inChannels(), channels, config.convInKernel())
            .build();
    int last = config.down().size() - 1;
    for (int i = 0; i <= last; i++) {
      BlockConfig block = config.down().get(i);
      down.add(DownBlock2D.of("down_blocks." + i, channels, block, i == last, config));
      channels = block.channels();
    }
    this.middle = config.middle().map(block -> UNetMidBlock2D.of(block, config));
  }

  List<DownBlock2D> down() {
    return down;
  }

  TimeEmbedding time() {
    return time;
  }

  List<Transformer2DModel> attentions() {
    List<Transformer2DModel> attentions = new ArrayList<>();
    down.forEach(block -> attentions.addAll(block.layers().attentions()));
    middle.ifPresent(block -> attentions.addAll(block.layers().attentions()));
    return attentions;
  }

  /** What every step holds, in order. */
  List<WeightGroup> groups() {
    List<WeightGroup> groups = new ArrayList<>();
    groups.add(time.timeGroup());
    groups.add(convIn);
    down.forEach(block -> groups.addAll(block.layers().groups()));
    middle.ifPresent(block -> groups.addAll(block.layers().groups()));
    return groups;
  }

  /** What a job holds once, in order: for the sizes, then for each of {@code attentions}. */
  List<WeightGroup> conditioningGroups(List<Transformer2DModel> attentions) {
    List<WeightGroup> groups = new ArrayList<>();
    groups.add(time.addGroup());
    attentions.forEach(attention -> groups.add(attention.textGroup()));
    return groups;
  }

  /** What a job's text becomes for {@code attentions}, of this half and of what follows it. */
  UNetConditioning condition(
      List<Transformer2DModel> attentions, Kernels kernels, Weights weights, TextTime input) {
    UNetConditioning conditioning = new UNetConditioning(kernels.manager().newSubManager());
    try {
      NDArray add = time.additional(kernels, weights, conditioning.scope(), input);
      conditioning.addEmbedding(add);
      for (Transformer2DModel attention : attentions) {
        conditioning.keysValues(
            attention.name(),
            attention.keysValues(kernels, weights, input.encoderHiddenStates(), add));
      }
      conditioning.findTexts(kernels, attentions);
      return conditioning;
    } catch (RuntimeException e) {
      conditioning.close();
      throw e;
    }
  }

  /** Starts a pass: embeds the timestep. */
  UNetPass pass(
      Kernels kernels,
      Weights weights,
      NDManager scope,
      UNetConditioning text,
      double timestep,
      Optional<NDArray> timestepCond) {
    NDArray t = time.timestep(kernels, weights, scope, text.batch(), timestep, timestepCond);
    NDArray temb = kernels.tensor(scope, "activated_sum", t, text.addEmbedding());
    return new UNetPass(kernels, weights, scope, temb, text);
  }

  NDArray convIn(NDArray sample, UNetPass pass) {
    return pass.run("conv_in", convIn, sample, padding);
  }

  /**
   * From {@code conv_in}'s output to all skips, the last of which is the input of the middle.
   *
   * @param adapter what T2I-Adapters add, for each block; blocks past its end get nothing
   */
  Deque<NDArray> down(NDArray x, List<NDArray> adapter, UNetPass pass) {
    Deque<NDArray> skips = new ArrayDeque<>();
    skips.addLast(x);
    for (int i = 0; i < down.size(); i++) {
      down.get(i)
          .forward(
              skips, i < adapter.size() ? Optional.of(adapter.get(i)) : Optional.empty(), pass);
    }
    return skips;
  }

  /**
   * {@code x} still belongs to the caller; without a mid block it is also the result.
   *
   * @param adapter as for {@link #down}: what comes behind its blocks is added to the middle's
   *     output
   */
  NDArray middle(NDArray x, List<NDArray> adapter, UNetPass pass) {
    if (middle.isEmpty()) {
      return x;
    }
    NDArray y = middle.get().forward(x, pass);
    return adapter.size() > down.size() ? pass.plus(y, adapter.get(down.size())) : y;
  }
}
