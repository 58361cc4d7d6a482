package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** diffusers' DownBlock2D, and with attentions its CrossAttnDownBlock2D. */
final class DownBlock2D {
  private final List<ResnetBlock2D> resnets = new ArrayList<>();
  private final List<Transformer2DModel> attentions = new ArrayList<>();
  private final Optional<WeightGroup> downsampler;

  DownBlock2D(String name, int in, BlockConfig block, boolean last, EncoderConfig config) {
    int out = block.channels();
    for (int i = 0; i < block.resnets(); i++) {
      resnets.add(new ResnetBlock2D(name + ".resnets." + i, i == 0 ? in : out, out, config));
    }
    for (int i = 0; i < block.transformerLayers().size(); i++) {
      attentions.add(new Transformer2DModel(name + ".attentions." + i, i, block, config));
    }
    this.downsampler =
        last
            ? Optional.empty()
            : Optional.of(
                WeightGroup.of(name + ".downsamplers.0").convolution("conv", out, out, 3).build());
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
    downsampler.ifPresent(groups::add);
    return groups;
  }

  /** Goes on from the last of the {@code skips} and pushes every output onto them. */
  void forward(Deque<NDArray> skips, UNetPass pass) {
    for (int i = 0; i < resnets.size(); i++) {
      NDArray y = resnets.get(i).forward(skips.getLast(), pass);
      if (attentions.isEmpty()) {
        skips.addLast(y);
      } else {
        skips.addLast(attentions.get(i).forward(y, pass));
        y.close();
      }
    }
    downsampler.ifPresent(group -> skips.addLast(pass.run("downsample", group, skips.getLast())));
  }
}
