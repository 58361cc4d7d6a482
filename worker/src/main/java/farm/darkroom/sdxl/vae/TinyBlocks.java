package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.weights.Layout;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of an {@code AutoencoderTiny}, numbered as diffusers' {@code nn.Sequential} numbers
 * them: activations and upsamplings have no weights, but a number.
 */
final class TinyBlocks {
  private static final int UPSAMPLING = 2;

  private final String coder;
  private final TinyVaeConfig config;
  private final List<Block> blocks = new ArrayList<>();
  private int layer;

  private TinyBlocks(String coder, TinyVaeConfig config) {
    this.coder = coder;
    this.config = config;
  }

  static List<Block> encoder(TinyVaeConfig config) {
    TinyBlocks chain = new TinyBlocks("encoder", config);
    int width = config.channels();
    int stages = config.numEncoderBlocks().size();
    for (int i = 0; i < stages; i++) {
      if (i == 0) {
        chain.convolution(BlockKernel.TINY_ENCODER_IN, config.inChannels(), width, true);
      } else {
        chain.convolution(BlockKernel.TINY_DOWNSAMPLE, width, width, false);
      }
      chain.residuals(config.numEncoderBlocks().get(i));
    }
    chain.convolution(BlockKernel.TINY_ENCODER_OUT, width, config.latentChannels(), true);
    return List.copyOf(chain.blocks);
  }

  static List<Block> decoder(TinyVaeConfig config) {
    TinyBlocks chain = new TinyBlocks("decoder", config);
    int width = config.channels();
    int stages = config.numDecoderBlocks().size();
    chain.convolution(BlockKernel.TINY_DECODER_IN, config.latentChannels(), width, true);
    chain.layer++;
    for (int i = 0; i < stages; i++) {
      chain.residuals(config.numDecoderBlocks().get(i));
      if (i < stages - 1) {
        chain.layer++;
        chain.convolution(BlockKernel.TINY_UPSAMPLE, width, width, false);
      }
    }
    chain.convolution(BlockKernel.TINY_DECODER_OUT, width, config.outChannels(), true);
    return List.copyOf(chain.blocks);
  }

  private void residuals(int count) {
    int width = config.channels();
    for (int i = 0; i < count; i++) {
      add(
          BlockKernel.TINY_BLOCK,
          WeightGroup.of(name())
              .convolution("conv.0", width, width, 3)
              .convolution("conv.2", width, width, 3)
              .convolution("conv.4", width, width, 3)
              .build());
    }
  }

  /** A layer that is one convolution; its kernel calls it {@code conv}. */
  private void convolution(BlockKernel kernel, long in, long out, boolean bias) {
    List<WeightSpec> weights = new ArrayList<>();
    weights.add(
        new WeightSpec(
            "conv.weight", name() + ".weight", List.of(out, in, 3L, 3L), Layout.CONVOLUTION));
    if (bias) {
      weights.add(new WeightSpec("conv.bias", name() + ".bias", List.of(out), Layout.PLAIN));
    }
    add(kernel, new WeightGroup(name(), weights));
  }

  private void add(BlockKernel kernel, WeightGroup weights) {
    blocks.add(new Block(kernel, weights, UPSAMPLING));
    layer++;
  }

  private String name() {
    return coder + ".layers." + layer;
  }
}
