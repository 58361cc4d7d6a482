package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.torch.TensorDict;
import farm.darkroom.sdxl.weights.WeightGroup;

/**
 * transformers' CLIPEncoderLayer, a pre-norm transformer block of CLIP's text and image encoders.
 *
 * @param name its path in the checkpoint, such as {@code text_model.encoder.layers.0}
 * @param hiddenSize width of its tokens
 * @param intermediateSize width between the two linear layers of its MLP
 * @param causal whether a token sees only those before it, as in text encoders
 */
public record CLIPEncoderLayer(
    String name,
    int hiddenSize,
    int intermediateSize,
    int numAttentionHeads,
    HiddenActivation hiddenAct,
    double layerNormEps,
    boolean causal) {

  /** Its weights. */
  public WeightGroup group() {
    return WeightGroup.of(name)
        .norm("layer_norm1", hiddenSize)
        .linear("self_attn.q_proj", hiddenSize, hiddenSize)
        .linear("self_attn.k_proj", hiddenSize, hiddenSize)
        .linear("self_attn.v_proj", hiddenSize, hiddenSize)
        .linear("self_attn.out_proj", hiddenSize, hiddenSize)
        .norm("layer_norm2", hiddenSize)
        .linear("mlp.fc1", hiddenSize, intermediateSize)
        .linear("mlp.fc2", intermediateSize, hiddenSize)
        .build();
  }

  /** {@code [n, tokens, hidden_size]} to the same. {@code x} stays the caller's. */
  public NDArray forward(Kernels kernels, NDManager owner, NDArray x, TensorDict weights) {
    return kernels.tensor(
        owner,
        "clip_layer",
        x,
        weights,
        numAttentionHeads,
        hiddenAct.kernel(),
        layerNormEps,
        causal);
  }
}
