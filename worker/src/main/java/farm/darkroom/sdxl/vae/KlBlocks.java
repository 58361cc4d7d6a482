package farm.darkroom.sdxl.vae;

import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.ArrayList;
import java.util.List;

/** Builds the encoder and decoder of an {@code AutoencoderKL} as block chains. */
final class KlBlocks {
  private final VaeConfig config;
  private final List<Block> blocks = new ArrayList<>();

  private KlBlocks(VaeConfig config) {
    this.config = config;
  }

  /** From a picture to its moments: {@code encoder} and {@code quant_conv}. */
  static List<Block> encoder(VaeConfig config) {
    KlBlocks chain = new KlBlocks(config);
    chain.add(
        BlockKernel.VAE_ENCODER_IN,
        "encoder.conv_in",
        WeightGroup.of("")
            .convolution(
                "encoder.conv_in", config.inChannels(), config.blockOutChannels().get(0), 3));
    chain.downBlocks();
    chain.midBlock("encoder.mid_block");
    chain.encoderOut();
    return List.copyOf(chain.blocks);
  }

  private void downBlocks() {
    List<Integer> channels = config.blockOutChannels();
    int in = channels.get(0);
    int last = channels.size() - 1;
    for (int i = 0; i <= last; i++) {
      int out = channels.get(i);
      String name = "encoder.down_blocks." + i;
      resnets(name, config.layersPerBlock(), in, out);
      if (i < last) {
        downsample(name + ".downsamplers.0", out);
      }
      in = out;
    }
  }

  private void encoderOut() {
    int width = config.deepestChannels();
    int moments = 2 * config.latentChannels();
    WeightGroup.Builder out =
        WeightGroup.of("")
            .norm("encoder.conv_norm_out", width)
            .convolution("encoder.conv_out", width, moments, 3);
    if (config.useQuantConv()) {
      out.convolution("quant_conv", moments, moments, 1);
    }
    add(BlockKernel.VAE_ENCODER_OUT, "encoder.conv_out", out);
  }

  /** From latents to a picture: {@code post_quant_conv} and {@code decoder}. */
  static List<Block> decoder(VaeConfig config) {
    KlBlocks chain = new KlBlocks(config);
    chain.decoderIn();
    chain.midBlock("decoder.mid_block");
    chain.upBlocks();
    int width = config.blockOutChannels().get(0);
    chain.add(
        BlockKernel.VAE_DECODER_OUT,
        "decoder.conv_out",
        WeightGroup.of("")
            .norm("decoder.conv_norm_out", width)
            .convolution("decoder.conv_out", width, config.outChannels(), 3));
    return List.copyOf(chain.blocks);
  }

  private void decoderIn() {
    int latents = config.latentChannels();
    WeightGroup.Builder in = WeightGroup.of("");
    if (config.usePostQuantConv()) {
      in.convolution("post_quant_conv", latents, latents, 1);
    }
    add(
        BlockKernel.VAE_DECODER_IN,
        "decoder.conv_in",
        in.convolution("decoder.conv_in", latents, config.deepestChannels(), 3));
  }

  private void upBlocks() {
    List<Integer> channels = config.blockOutChannels();
    int in = config.deepestChannels();
    int last = channels.size() - 1;
    for (int i = 0; i <= last; i++) {
      int out = channels.get(last - i);
      String name = "decoder.up_blocks." + i;
      resnets(name, config.layersPerBlock() + 1, in, out);
      if (i < last) {
        upsample(name + ".upsamplers.0", out);
      }
      in = out;
    }
  }

  private void midBlock(String name) {
    int width = config.deepestChannels();
    resnet(name + ".resnets.0", width, width);
    if (config.midBlockAddAttention()) {
      String attention = name + ".attentions.0";
      add(BlockKernel.VAE_ATTENTION, attention, attention(attention, width));
    }
    resnet(name + ".resnets.1", width, width);
  }

  private static WeightGroup.Builder attention(String name, int width) {
    return WeightGroup.of(name)
        .norm("group_norm", width)
        .linear("to_q", width, width)
        .linear("to_k", width, width)
        .linear("to_v", width, width)
        .linear("to_out.0", width, width);
  }

  private void resnets(String name, int layers, int in, int out) {
    for (int i = 0; i < layers; i++) {
      resnet(name + ".resnets." + i, i == 0 ? in : out, out);
    }
  }

  private void resnet(String name, int in, int out) {
    WeightGroup.Builder group =
        WeightGroup.of(name)
            .norm("norm1", in)
            .convolution3x3("conv1", in, out)
            .norm("norm2", out)
            .convolution3x3("conv2", out, out);
    if (in != out) {
      group.convolution("conv_shortcut", in, out, 1);
    }
    add(BlockKernel.VAE_RESNET, name, group);
  }

  private void downsample(String name, int width) {
    add(
        BlockKernel.VAE_DOWNSAMPLE,
        name,
        WeightGroup.of(name).convolution("conv", width, width, 3));
  }

  private void upsample(String name, int width) {
    add(
        BlockKernel.VAE_UPSAMPLE,
        name,
        WeightGroup.of(name).enlargedConvolution("conv", width, width));
  }

  private void add(BlockKernel kernel, String name, WeightGroup.Builder weights) {
    WeightGroup group = new WeightGroup(name, weights.build().weights());
    blocks.add(new Block(kernel, group, config.normNumGroups()));
  }
}
