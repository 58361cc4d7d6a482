package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** diffusers' UpBlock2D, and with attentions its CrossAttnUpBlock2D. */
final class UpBlock2D {
  private final List<ResnetBlock2D> resnets = new ArrayList<>();
  private final List<Transformer2DModel> attentions = new ArrayList<>();
  private final Optional<WeightGroup> upsampler;

  /**
   * @param previous channels of the block before
   * @param last channels of the last skip, which belongs to the next wider block
   */
  UpBlock2D(
      String name, int previous, int last, BlockConfig block, boolean end, EncoderConfig config) {
    int out = block.channels();
    for (int i = 0; i < block.resnets(); i++) {
      int in = i == 0 ? previous : out;
      int skip = i == block.resnets() - 1 ? last : out;
      resnets.add(new ResnetBlock2D(name + ".resnets." + i, in + skip, out, config));
    }
    for (int i = 0; i < block.transformerLayers().size(); i++) {
      attentions.add(new Transformer2DModel(name + ".attentions." + i, i, block, config));
    }
    this.upsampler =
        end
            ? Optional.empty()
            : Optional.of(
                WeightGroup.of(name + ".upsamplers.0").convolution3x3("conv", out, out).build());
  }

  List<Transformer2DModel> attentions() {
    return attentions;
  }

  List<WeightGroup> groups() {
    List<WeightGroup> groups = new ArrayList<>();
    for (int i = 0; i < resnets.size(); i++) {
      groups.add(resnets.get(i).group());
      if (!attentions.isEmpty()) {
        groups.addAll(attentions.get(i).groups());
      }
    }
    upsampler.ifPresent(groups::add);
    return groups;
  }

  /**
   * Takes {@code x} and the skips it needs, closing them. The upsampled size is that of the next
   * skip, which is not always twice as large (diffusers: {@code forward_upsample_size}).
   */
  NDArray forward(NDArray x, Deque<NDArray> skips, UNetPass pass) {
    NDArray y = x;
    for (int i = 0; i < resnets.size(); i++) {
      NDArray joined = joined(y, skips.removeLast(), pass);
      NDArray next = resnets.get(i).forward(joined, pass);
      joined.close();
      y = attentions.isEmpty() ? next : attended(i, next, pass);
    }
    if (upsampler.isEmpty()) {
      return y;
    }
    NDArray larger = pass.run("upsample_to", upsampler.get(), y, skips.getLast());
    y.close();
    return larger;
  }

  /** The channels of both, which are freed before the resnet has its largest tensors. */
  private static NDArray joined(NDArray x, NDArray skip, UNetPass pass) {
    NDArray joined = pass.kernels().tensor(pass.scope(), "joined", List.of(x, skip), 1);
    x.close();
    skip.close();
    return joined;
  }

  private NDArray attended(int i, NDArray x, UNetPass pass) {
    NDArray y = attentions.get(i).forward(x, pass);
    x.close();
    return y;
  }
}
