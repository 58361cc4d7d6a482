package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Runs tokenized prompts through the text encoders: chunks are concatenated along the tokens,
 * encoders along the features. A weighted chunk's hidden states are multiplied by the weights of
 * their tokens and then rescaled to their former mean, as the AUTOMATIC1111 web UI does by default.
 * The pooled output is that of the first chunk, unweighted.
 */
record PromptSideEncoder(Kernels kernels, List<TextEncoder> encoders) {

  /**
   * Encodes all prompts, each exactly as if it were encoded alone.
   *
   * @param chunks that each result has; what is missing is encoded as an empty text
   * @return for each prompt, tensors that belong to {@code owner}
   */
  List<TextConditioning> encode(NDManager owner, List<TokenizedPrompt> prompts, int chunks) {
    try (NDManager scope = kernels.manager().newSubManager()) {
      List<List<CLIPTextModelOutput>> outputs =
          IntStream.range(0, encoders.size())
              .mapToObj(i -> outputs(scope, prompts, i, chunks))
              .toList();
      return IntStream.range(0, prompts.size())
          .mapToObj(i -> joined(owner, outputs.stream().map(o -> o.get(i)).toList()))
          .toList();
    }
  }

  /** One encoder's output for every prompt. */
  private List<CLIPTextModelOutput> outputs(
      NDManager scope, List<TokenizedPrompt> prompts, int index, int chunks) {
    TextEncoder encoder = encoders.get(index);
    TextChunk empty = encoder.read("", false).chunks().get(0);
    List<TextChunk> all = new ArrayList<>();
    List<TextInput> inputs = new ArrayList<>();
    for (TokenizedPrompt prompt : prompts) {
      List<TextChunk> own = prompt.texts().get(index).chunks();
      for (int i = 0; i < chunks; i++) {
        TextChunk chunk = i < own.size() ? own.get(i) : empty;
        all.add(chunk);
        inputs.add(new TextInput(chunk.ids(), prompt.side().skip()));
      }
    }
    List<CLIPTextModelOutput> outputs = encoder.forward(kernels, scope, inputs);
    return IntStream.range(0, prompts.size())
        .mapToObj(i -> concatenated(scope, outputs, all, i * chunks, (i + 1) * chunks))
        .toList();
  }

  /** The chunks of one prompt. */
  private CLIPTextModelOutput concatenated(
      NDManager scope, List<CLIPTextModelOutput> outputs, List<TextChunk> all, int from, int to) {
    List<NDArray> states =
        IntStream.range(from, to)
            .mapToObj(i -> applyWeights(scope, outputs.get(i).hiddenState(), all.get(i)))
            .toList();
    return new CLIPTextModelOutput(
        kernels.tensor(scope, "joined", states, 1), outputs.get(from).textEmbeds());
  }

  private NDArray applyWeights(NDManager scope, NDArray state, TextChunk chunk) {
    if (!chunk.weighted()) {
      return state;
    }
    NDArray weights = scope.create(chunk.weights(), new Shape(1, chunk.weights().length));
    return kernels.tensor(scope, "clip_weigh", state, weights);
  }

  private TextConditioning joined(NDManager owner, List<CLIPTextModelOutput> outputs) {
    List<NDArray> states = outputs.stream().map(CLIPTextModelOutput::hiddenState).toList();
    NDArray pooled =
        outputs.stream().flatMap(output -> output.textEmbeds().stream()).findFirst().orElseThrow();
    return new TextConditioning(
        kernels.tensor(owner, "joined", states, -1),
        kernels.tensor(owner, "joined", List.of(pooled), 0));
  }
}
