package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import java.util.Optional;

/**
 * diffusers' UNetMidBlock2DCrossAttn: resnet, attention, resnet; and its UNetMidBlock2D without
 * attention, which is one resnet here.
 */
record UNetMidBlock2D(BlockLayers layers) {

  static UNetMidBlock2D of(BlockConfig block, EncoderConfig config) {
    return new UNetMidBlock2D(
        new BlockLayers("mid_block", i -> block.channels(), block, config, Optional.empty()));
  }

  /** {@code x} still belongs to the caller. */
  NDArray forward(NDArray x, UNetPass pass) {
    NDArray y = layers.attention(0, layers.resnet(0, x, pass), pass);
    for (int i = 1; i < layers.count(); i++) {
      NDArray next = layers.resnet(i, y, pass);
      y.close();
      y = layers.attention(i, next, pass);
    }
    return y;
  }
}
