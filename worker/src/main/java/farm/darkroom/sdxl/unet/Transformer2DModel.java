package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.torch.TensorDict;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** diffusers' Transformer2DModel over continuous input, one weight group per layer. */
final class Transformer2DModel {
  private final String name;
  private final int heads;
  private final int width;
  private final int normGroups;
  private final boolean linear;
  private final WeightGroup in;
  private final List<BasicTransformerBlock> layers;
  private final WeightGroup out;
  private final WeightGroup text;

  Transformer2DModel(String name, int layer, BlockConfig block, EncoderConfig config) {
    int channels = block.channels();
    this.name = name;
    this.heads = block.heads();
    this.normGroups = config.norm().groups();
    this.linear = config.useLinearProjection();
    this.width = heads * (channels / heads);
    int count = block.transformerLayers().get(layer);
    this.in =
        projection(
            WeightGroup.of(name + ".proj_in", name).norm("norm", channels),
            "proj_in",
            channels,
            width);
    this.layers =
        IntStream.range(0, count)
            .mapToObj(i -> new BasicTransformerBlock(name, i, width, heads))
            .toList();
    this.out = projection(WeightGroup.of(name + ".proj_out", name), "proj_out", width, channels);
    this.text = text(name, count, width, config.crossAttentionDim());
  }

  private WeightGroup projection(WeightGroup.Builder group, String key, int from, int to) {
    return (linear ? group.linear(key, from, to) : group.convolution(key, from, to, 1)).build();
  }

  private static WeightGroup text(String name, int layers, int width, int features) {
    WeightGroup.Builder group = WeightGroup.of(name + ".text", name);
    for (int i = 0; i < layers; i++) {
      group.linearNoBias("transformer_blocks." + i + ".attn2.to_k", features, width);
      group.linearNoBias("transformer_blocks." + i + ".attn2.to_v", features, width);
    }
    return group.build();
  }

  String name() {
    return name;
  }

  /** Number of its layers. */
  int depth() {
    return layers.size();
  }

  /** The names of its self-attentions. */
  List<String> selfAttentions() {
    return layers.stream().map(BasicTransformerBlock::selfAttention).toList();
  }

  /** Of its tokens. */
  int width() {
    return width;
  }

  int heads() {
    return heads;
  }

  /** What projects the text to keys and values: held once per job. */
  WeightGroup textGroup() {
    return text;
  }

  /** What every step holds, in order. */
  List<WeightGroup> groups() {
    List<WeightGroup> groups = new ArrayList<>();
    groups.add(in);
    layers.forEach(layer -> groups.add(layer.group()));
    groups.add(out);
    return groups;
  }

  /**
   * Keys and values of every layer, {@code [n, heads, tokens, width / heads]}.
   *
   * @param text {@code [n, tokens, features]}
   * @param like any tensor of the compute dtype
   */
  TensorDict keysValues(Kernels kernels, Weights weights, NDArray text, NDArray like) {
    try (Weights.Hold hold = weights.hold(this.text)) {
      return kernels.dict("text_keys_values", hold.dict(), text, like, layers.size(), heads);
    }
  }

  /** The rows in which not all values are zero: none of a transformer without layers. */
  BitSet rowsWithValues(Kernels kernels, TensorDict keysValues) {
    BitSet rows = new BitSet();
    if (layers.isEmpty()) {
      return rows;
    }
    try (NDManager scope = kernels.manager().newSubManager()) {
      NDArray found = kernels.tensor(scope, "has_values", keysValues, layers.size());
      boolean[] has = found.toBooleanArray();
      IntStream.range(0, has.length).filter(i -> has[i]).forEach(rows::set);
      return rows;
    }
  }

  /** {@code [n, channels, h, w]} to the same. {@code x} stays the caller's. */
  NDArray forward(NDArray x, UNetPass pass) {
    TensorDict keysValues = pass.text().keysValues(name);
    NDArray tokens = pass.run("transformer_in", in, x, normGroups, linear);
    for (BasicTransformerBlock layer : layers) {
      NDArray next = layer.forward(tokens, keysValues, pass);
      tokens.close();
      tokens = next;
    }
    NDArray y = pass.run("transformer_out", out, tokens, x, linear);
    tokens.close();
    return y;
  }
}
