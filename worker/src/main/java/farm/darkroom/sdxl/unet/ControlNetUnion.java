package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Layout;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightSpec;
import farm.darkroom.sdxl.weights.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * The part that tells a ControlNetUnionModel which kinds of control pictures it sees: an embedding
 * beside that of the sizes, and a shift of each picture's features, which small transformer layers
 * take from the means of pictures and latents.
 */
final class ControlNetUnion {
  private final UnionConfig config;
  private final TimeConfig time;
  private final WeightGroup types;
  private final WeightGroup fusion;

  ControlNetUnion(UnionConfig config, EncoderConfig encoder) {
    this.config = config;
    this.time = encoder.time();
    long in = (long) config.controlTypes() * time.additionTimeEmbedDim();
    this.types =
        WeightGroup.of("control_add_embedding")
            .linear("linear_1", in, time.width())
            .linear("linear_2", time.width(), time.width())
            .build();
    this.fusion = fusion(config, encoder.baseChannels());
  }

  private static WeightGroup fusion(UnionConfig config, long width) {
    WeightGroup.Builder plain =
        WeightGroup.of("control_fusion", "")
            .tensor("task_embedding", Layout.PLAIN, config.controlTypes(), width)
            .linear("spatial_ch_projs", width, width);
    List<WeightSpec> joined = new ArrayList<>();
    for (int i = 0; i < config.layers(); i++) {
      String layer = "transformer_layes.%d.".formatted(i); // so it is spelled
      plain
          .norm(layer + "ln_1", width)
          .linear(layer + "attn.out_proj", width, width)
          .norm(layer + "ln_2", width)
          .linear(layer + "mlp.c_fc", width, 4 * width)
          .linear(layer + "mlp.c_proj", 4 * width, width);
      joined.add(inProjection(layer, "weight", Layout.LINEAR, List.of(3 * width, width)));
      joined.add(inProjection(layer, "bias", Layout.PLAIN, List.of(3 * width)));
    }
    joined.addAll(plain.build().weights());
    return new WeightGroup("control_fusion", joined);
  }

  /** torch's MultiheadAttention has queries, keys and values as one, under a name of its own. */
  private static WeightSpec inProjection(
      String layer, String part, Layout layout, List<Long> shape) {
    String attention = layer + "attn.in_proj";
    return new WeightSpec(attention + "." + part, attention + "_" + part, shape, layout);
  }

  /** What a job holds once. */
  WeightGroup types() {
    return types;
  }

  /** What every step holds. */
  WeightGroup fusion() {
    return fusion;
  }

  /** The embedding of sizes and pooled text with that of the kinds added. */
  NDArray withTypes(
      Kernels kernels,
      Weights weights,
      UNetConditioning text,
      NDArray embedding,
      List<Integer> modes) {
    return UNetPass.run(
        kernels,
        weights,
        text.scope(),
        "with_control_types",
        types,
        embedding,
        longs(modes),
        config.controlTypes(),
        time.additionTimeEmbedDim(),
        time.flipSinToCos(),
        time.freqShift());
  }

  /** The latents' features with those of the pictures added, each times its scale. */
  NDArray fused(
      UNetPass pass, NDArray x, List<NDArray> pictures, List<Integer> modes, List<Double> scales) {
    return pass.run(
        "fused_control",
        fusion,
        x,
        pictures,
        longs(modes),
        scales.stream().mapToDouble(scale -> scale).toArray(),
        config.heads(),
        config.layers());
  }

  private static long[] longs(List<Integer> values) {
    return values.stream().mapToLong(value -> value).toArray();
  }
}
