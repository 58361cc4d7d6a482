package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.Deque;
import java.util.Optional;

/** diffusers' DownBlock2D, and with attentions its CrossAttnDownBlock2D. */
record DownBlock2D(BlockLayers layers) {

  static DownBlock2D of(
      String name, int in, BlockConfig block, boolean last, EncoderConfig config) {
    int out = block.channels();
    WeightGroup downsampler =
        WeightGroup.of(name + ".downsamplers.0").convolution("conv", out, out, 3).build();
    return new DownBlock2D(
        new BlockLayers(
            name,
            i -> i == 0 ? in : out,
            block,
            config,
            last ? Optional.empty() : Optional.of(downsampler)));
  }

  /**
   * Goes on from the last of the {@code skips} and pushes every output onto them.
   *
   * @param adapter what T2I-Adapters add: to the last attention's output, in a block without
   *     attentions to its own
   */
  void forward(Deque<NDArray> skips, Optional<NDArray> adapter, UNetPass pass) {
    for (int i = 0; i < layers.count(); i++) {
      NDArray y = layers.resnet(i, skips.getLast(), pass);
      NDArray attended = layers.attention(i, y, pass);
      boolean takes = attends() && i == layers.count() - 1;
      skips.addLast(takes ? plus(attended, adapter, pass) : attended);
    }
    layers
        .sampler()
        .ifPresent(group -> skips.addLast(pass.run("downsample", group, skips.getLast())));
    if (!attends()) {
      skips.addLast(plus(skips.removeLast(), adapter, pass));
    }
  }

  private boolean attends() {
    return !layers.attentions().isEmpty();
  }

  private static NDArray plus(NDArray x, Optional<NDArray> adapter, UNetPass pass) {
    return adapter.map(features -> pass.plus(x, features)).orElse(x);
  }
}
