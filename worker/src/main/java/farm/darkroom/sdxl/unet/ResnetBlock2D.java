package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.weights.WeightGroup;

/** diffusers' ResnetBlock2D with {@code time_embedding_norm="default"}. */
final class ResnetBlock2D {
  private final WeightGroup group;
  private final NormConfig norm;

  ResnetBlock2D(String name, int in, int out, EncoderConfig config) {
    this.norm = config.norm();
    WeightGroup.Builder builder =
        WeightGroup.of(name)
            .norm("norm1", in)
            .convolution3x3("conv1", in, out)
            .linear("time_emb_proj", config.time().width(), out)
            .norm("norm2", out)
            .convolution3x3("conv2", out, out);
    this.group = (in == out ? builder : builder.convolution("conv_shortcut", in, out, 1)).build();
  }

  WeightGroup group() {
    return group;
  }

  /** {@code [n, in, h, w]} to {@code [n, out, h, w]}. */
  NDArray forward(NDArray x, UNetPass pass) {
    return pass.run("resnet_block", group, x, pass.temb(), norm.groups(), norm.eps());
  }
}
