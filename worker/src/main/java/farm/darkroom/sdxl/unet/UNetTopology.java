package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.ArrayList;
import java.util.List;

/** The blocks of a UNet, built from its config. */
final class UNetTopology {
  private final UNetConfig config;
  private final UNetEncoder encoder;
  private final List<UpBlock2D> up = new ArrayList<>();
  private final WeightGroup convOut;

  UNetTopology(UNetConfig config) {
    this.config = config;
    this.encoder = new UNetEncoder(config.encoder());
    int previous = config.up().get(0).channels();
    int count = config.up().size();
    for (int i = 0; i < count; i++) {
      BlockConfig block = config.up().get(i);
      int last = config.up().get(Math.min(i + 1, count - 1)).channels();
      up.add(
          UpBlock2D.of("up_blocks." + i, previous, last, block, i == count - 1, config.encoder()));
      previous = block.channels();
    }
    int channels = config.encoder().baseChannels();
    this.convOut =
        WeightGroup.of("conv_out", "")
            .norm("conv_norm_out", channels)
            .convolution("conv_out", channels, config.outChannels(), config.convOutKernel())
            .build();
  }

  UNetEncoder encoder() {
    return encoder;
  }

  List<UpBlock2D> up() {
    return up;
  }

  List<Transformer2DModel> attentions() {
    List<Transformer2DModel> attentions = new ArrayList<>(encoder.attentions());
    up.forEach(block -> attentions.addAll(block.layers().attentions()));
    return attentions;
  }

  List<WeightGroup> groups() {
    List<WeightGroup> groups = new ArrayList<>(conditioningGroups());
    groups.addAll(stepGroups());
    return groups;
  }

  /** What a job holds once, in order. */
  List<WeightGroup> conditioningGroups() {
    return encoder.conditioningGroups(attentions());
  }

  /** What every step holds, in order. */
  List<WeightGroup> stepGroups() {
    List<WeightGroup> groups = new ArrayList<>(encoder.groups());
    up.forEach(block -> groups.addAll(block.layers().groups()));
    groups.add(convOut);
    return groups;
  }

  NDArray out(NDManager owner, NDArray x, UNetPass pass) {
    return UNetPass.run(
        pass.kernels(),
        pass.weights(),
        owner,
        "conv_out",
        convOut,
        x,
        config.encoder().norm().groups(),
        config.encoder().norm().eps(),
        (config.convOutKernel() - 1) / 2);
  }
}
