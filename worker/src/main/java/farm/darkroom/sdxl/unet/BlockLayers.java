package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The layers common to all blocks: resnets, each followed by an attention if the block has any,
 * then the down- or upsampler if there is one.
 */
final class BlockLayers {
  private final List<ResnetBlock2D> resnets = new ArrayList<>();
  private final List<Transformer2DModel> attentions = new ArrayList<>();
  private final Optional<WeightGroup> sampler;

  /**
   * @param in channels that each resnet takes
   * @param sampler of the block: a downsampler or an upsampler
   */
  BlockLayers(
      String name,
      IntUnaryOperator in,
      BlockConfig block,
      EncoderConfig config,
      Optional<WeightGroup> sampler) {
    int out = block.channels();
    for (int i = 0; i < block.resnets(); i++) {
      resnets.add(new ResnetBlock2D(name + ".resnets." + i, in.applyAsInt(i), out, config));
    }
    for (int i = 0; i < block.transformerLayers().size(); i++) {
      attentions.add(new Transformer2DModel(name + ".attentions." + i, i, block, config));
    }
    this.sampler = sampler;
  }

  int count() {
    return resnets.size();
  }

  List<Transformer2DModel> attentions() {
    return attentions;
  }

  Optional<WeightGroup> sampler() {
    return sampler;
  }

  List<WeightGroup> groups() {
    List<WeightGroup> groups = new ArrayList<>();
    for (int i = 0; i < resnets.size(); i++) {
      groups.add(resnets.get(i).group());
      if (i < attentions.size()) {
        groups.addAll(attentions.get(i).groups());
      }
    }
    sampler.ifPresent(groups::add);
    return groups;
  }

  /** A resnet of {@code x}, which stays the caller's. */
  NDArray resnet(int i, NDArray x, UNetPass pass) {
    return resnets.get(i).forward(x, pass);
  }

  /**
   * The attention behind a resnet, which closes {@code x}; where there is none, {@code x} itself.
   */
  NDArray attention(int i, NDArray x, UNetPass pass) {
    if (i >= attentions.size()) {
      return x;
    }
    NDArray y = attentions.get(i).forward(x, pass);
    x.close();
    return y;
  }
}
