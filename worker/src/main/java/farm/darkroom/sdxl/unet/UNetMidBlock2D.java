package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.ArrayList;
import java.util.List;

/**
 * diffusers' UNetMidBlock2DCrossAttn: resnet, attention, resnet; and its UNetMidBlock2D without
 * attention, which is one resnet here.
 */
final class UNetMidBlock2D {
  private final List<ResnetBlock2D> resnets = new ArrayList<>();
  private final List<Transformer2DModel> attentions = new ArrayList<>();

  UNetMidBlock2D(BlockConfig block, EncoderConfig config) {
    int width = block.channels();
    for (int i = 0; i < block.resnets(); i++) {
      resnets.add(new ResnetBlock2D("mid_block.resnets." + i, width, width, config));
    }
    for (int i = 0; i < block.transformerLayers().size(); i++) {
      attentions.add(new Transformer2DModel("mid_block.attentions." + i, i, block, config));
    }
  }

  List<Transformer2DModel> attentions() {
    return attentions;
  }

  List<WeightGroup> groups() {
    List<WeightGroup> groups = new ArrayList<>();
    groups.add(resnets.get(0).group());
    for (int i = 1; i < resnets.size(); i++) {
      groups.addAll(attentions.get(i - 1).groups());
      groups.add(resnets.get(i).group());
    }
    return groups;
  }

  /** {@code x} stays the caller's. */
  NDArray forward(NDArray x, UNetPass pass) {
    NDArray y = resnets.get(0).forward(x, pass);
    for (int i = 1; i < resnets.size(); i++) {
      NDArray attended = attentions.get(i - 1).forward(y, pass);
      y.close();
      y = resnets.get(i).forward(attended, pass);
      attended.close();
    }
    return y;
  }
}
