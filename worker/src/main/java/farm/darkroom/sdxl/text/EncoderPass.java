package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.torch.TensorDict;
import java.util.Optional;

/** One prompt's forward pass through a text encoder. Not thread-safe. */
final class EncoderPass {
  private final CLIPTextModel model;
  private final Kernels kernels;
  private final NDManager owner;
  private final TextInput input;
  private NDArray state;
  private NDArray chosen;
  private NDArray textEmbeds;

  /** The results belong to {@code owner}. */
  EncoderPass(CLIPTextModel model, Kernels kernels, NDManager owner, TextInput input) {
    this.model = model;
    this.kernels = kernels;
    this.owner = owner;
    this.input = input;
  }

  void embed(TensorDict weights, Optional<NDArray> added, NDManager scope) {
    try (NDArray ids = scope.create(input.ids(), new Shape(1, input.ids().length))) {
      state =
          added.isPresent()
              ? kernels.tensor(scope, "clip_embeddings_with", ids, weights, added.get())
              : kernels.tensor(scope, "clip_embeddings", ids, weights);
    }
    choose(0);
  }

  /** Whether the block's output is of use. */
  boolean needs(int layer) {
    return model.projection() || layer < chosenState();
  }

  void layer(int layer, TensorDict weights, NDManager scope) {
    if (!needs(layer)) {
      return;
    }
    try (NDArray before = state) {
      state = model.layer(layer).forward(kernels, scope, before, weights);
    }
    choose(layer + 1);
  }

  void project(TensorDict weights) {
    textEmbeds =
        kernels.tensor(
            owner,
            "clip_text_embeds",
            state,
            weights,
            model.pooledPosition(input.ids()),
            model.config().layerNormEps());
  }

  CLIPTextModelOutput output() {
    return new CLIPTextModelOutput(chosen, Optional.ofNullable(textEmbeds));
  }

  /** Hidden state 0 is the embeddings, state n the output of the last block. */
  private int chosenState() {
    return model.config().numHiddenLayers() - 1 - input.skip();
  }

  private void choose(int index) {
    if (index == chosenState()) {
      chosen = kernels.tensor(owner, "cast", state, Dtype.FLOAT32.scalarType());
    }
  }
}
