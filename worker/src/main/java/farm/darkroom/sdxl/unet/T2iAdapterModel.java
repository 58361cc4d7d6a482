package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * diffusers' T2IAdapter for SDXL: a small network that makes features of a picture, which are added
 * to the UNet's on its way down. Not thread-safe.
 */
public final class T2iAdapterModel {
  private final T2iAdapterConfig config;
  private final Kernels kernels;
  private final Weights weights;
  private final WeightGroup convIn;
  private final List<WeightGroup> blocks;

  /** The weights still belong to the caller. */
  public T2iAdapterModel(T2iAdapterConfig config, Kernels kernels, Weights weights) {
    this.config = config;
    this.kernels = kernels;
    this.weights = weights;
    List<WeightGroup> groups = groups(config);
    this.convIn = groups.get(0);
    this.blocks = groups.subList(1, groups.size());
  }

  public T2iAdapterConfig config() {
    return config;
  }

  /** Every tensor that a model has, in the order of their use. */
  public static List<WeightGroup> groups(T2iAdapterConfig config) {
    List<WeightGroup> groups = new ArrayList<>();
    int factor = config.downscaleFactor();
    groups.add(
        WeightGroup.of("adapter.conv_in", "adapter")
            .convolution(
                "conv_in",
                (long) config.inChannels() * factor * factor,
                config.channels().get(0),
                3)
            .build());
    for (int i = 0; i < config.channels().size(); i++) {
      groups.add(block(config, i));
    }
    return groups;
  }

  private static WeightGroup block(T2iAdapterConfig config, int i) {
    WeightGroup.Builder group = WeightGroup.of("adapter.body." + i);
    int width = config.channels().get(i);
    if (config.in(i) != width) {
      group.convolution("in_conv", config.in(i), width, 1);
    }
    for (int k = 0; k < config.resnets(); k++) {
      group.convolution("resnets." + k + ".block1", width, width, 3);
      group.convolution("resnets." + k + ".block2", width, width, 1);
    }
    return group.build();
  }

  /**
   * The features of a picture, in compute dtype: {@code [1, channels, h, w]} for each block.
   *
   * @param image float32 {@code [1, in_channels, height, width]}, 0 to 1, both sides multiples of
   *     {@code downscale_factor}
   * @param scale {@code adapter_conditioning_scale}
   */
  public List<NDArray> features(NDManager owner, NDArray image, double scale) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray pixels = kernels.tensor(scope, "pixels_unshuffled", image, config.downscaleFactor());
      NDArray x = UNetPass.run(kernels, weights, scope, "conv_in", convIn, pixels, 1);
      List<NDArray> features = new ArrayList<>();
      for (int i = 0; i < blocks.size(); i++) {
        boolean down = T2iAdapterConfig.halves(i);
        x =
            UNetPass.run(
                kernels, weights, scope, "adapter_block", blocks.get(i), x, config.resnets(), down);
        features.add(x);
      }
      return kernels.tensors(owner, "scaled_features", features, scale);
    }
  }
}
