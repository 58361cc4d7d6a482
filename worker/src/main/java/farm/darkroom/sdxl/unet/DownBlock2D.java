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

  /** Goes on from the last of the {@code skips} and pushes every output onto them. */
  void forward(Deque<NDArray> skips, UNetPass pass) {
    for (int i = 0; i < layers.count(); i++) {
      NDArray y = layers.resnet(i, skips.getLast(), pass);
      skips.addLast(layers.attention(i, y, pass));
    }
    layers
        .sampler()
        .ifPresent(group -> skips.addLast(pass.run("downsample", group, skips.getLast())));
  }
}
