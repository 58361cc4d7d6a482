package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** diffusers' UpBlock2D, and with attentions its CrossAttnUpBlock2D. */
record UpBlock2D(BlockLayers layers) {

  /**
   * @param previous channels of the block before
   * @param last channels of the last skip, which belongs to the next wider block
   */
  static UpBlock2D of(
      String name, int previous, int last, BlockConfig block, boolean end, EncoderConfig config) {
    int out = block.channels();
    WeightGroup upsampler =
        WeightGroup.of(name + ".upsamplers.0").convolution3x3("conv", out, out).build();
    return new UpBlock2D(
        new BlockLayers(
            name,
            i -> (i == 0 ? previous : out) + (i == block.resnets() - 1 ? last : out),
            block,
            config,
            end ? Optional.empty() : Optional.of(upsampler)));
  }

  /**
   * Takes {@code x} and the skips it needs, closing them. The upsampled size is that of the next
   * skip, which is not always twice as large (diffusers: {@code forward_upsample_size}).
   */
  NDArray forward(NDArray x, Deque<NDArray> skips, UNetPass pass, Optional<FreeU.Factors> factors) {
    NDArray y = x;
    for (int i = 0; i < layers.count(); i++) {
      NDArray joined = joined(y, skips.removeLast(), pass, factors);
      NDArray next = layers.resnet(i, joined, pass);
      joined.close();
      y = layers.attention(i, next, pass);
    }
    if (layers.sampler().isEmpty()) {
      return y;
    }
    NDArray larger = pass.run("upsample_to", layers.sampler().get(), y, skips.getLast());
    y.close();
    return larger;
  }

  /** The channels of both, which are freed before the resnet has its largest tensors. */
  private static NDArray joined(
      NDArray x, NDArray skip, UNetPass pass, Optional<FreeU.Factors> factors) {
    Kernels kernels = pass.kernels();
    NDArray joined =
        factors
            .map(f -> kernels.tensor(pass.scope(), "freed_", x, skip, f.backbone(), f.skip()))
            .orElseGet(() -> kernels.tensor(pass.scope(), "joined", List.of(x, skip), 1));
    x.close();
    skip.close();
    return joined;
  }
}
