package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import farm.darkroom.sdxl.torch.TensorDict;
import farm.darkroom.sdxl.weights.WeightGroup;
import java.util.List;

/**
 * diffusers' BasicTransformerBlock: self-attention, attention to the text, GEGLU feed-forward. The
 * projections of the text belong to {@link Transformer2DModel}, because they run once per job.
 */
final class BasicTransformerBlock {
  private final WeightGroup group;
  private final String layer;
  private final int heads;

  BasicTransformerBlock(String transformer, int layer, int width, int heads) {
    this.layer = Integer.toString(layer);
    this.heads = heads;
    this.group =
        WeightGroup.of(transformer + ".transformer_blocks." + layer)
            .norm("norm1", width)
            .joinedLinearNoBias(
                "attn1.qkv", List.of("attn1.to_q", "attn1.to_k", "attn1.to_v"), width, width)
            .linear("attn1.to_out.0", width, width)
            .norm("norm2", width)
            .linearNoBias("attn2.to_q", width, width)
            .linear("attn2.to_out.0", width, width)
            .norm("norm3", width)
            .gated("ff.net.0.proj", width, 4L * width)
            .linear("ff.net.2", 4L * width, width)
            .build();
  }

  WeightGroup group() {
    return group;
  }

  /** As diffusers' {@code named_modules} calls it. */
  String selfAttention() {
    return group.name() + ".attn1";
  }

  /**
   * {@code [n, tokens, width]} to the same, attending to the keys and values of text and pictures.
   */
  NDArray forward(NDArray x, TensorDict text, UNetPass pass) {
    UNetConditioning conditioning = pass.text();
    return pass.run(
        "transformer_block",
        group,
        x,
        text,
        layer,
        heads,
        conditioning.pictures().size(),
        conditioning.texts().first(),
        conditioning.texts().end(),
        conditioning.texts().period(),
        conditioning.perturbedRows(selfAttention()));
  }
}
