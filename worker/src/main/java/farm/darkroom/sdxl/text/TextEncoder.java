package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A text encoder and its tokenizer. The weights belong to the caller; closing this closes the
 * tokenizer.
 *
 * @param name the component's, {@code text_encoder} or {@code text_encoder_2}
 * @param vectors embeddings of added words {@code [n, hidden_size]}, for ids from {@code
 *     vocab_size} up; closed with this
 */
public record TextEncoder(
    String name,
    CLIPTokenizer tokenizer,
    CLIPTextModel model,
    Weights weights,
    Optional<NDArray> vectors)
    implements AutoCloseable {

  /**
   * Opens the tokenizer that belongs to the component and holds it against the model.
   *
   * @throws SdxlException when a token has no embedding, or the two disagree about the end token or
   *     the length of a prompt
   */
  public static TextEncoder open(
      Snapshot snapshot, String component, CLIPTextModel model, Weights weights) {
    CLIPTokenizer tokenizer = openTokenizer(snapshot, component);
    try {
      check(tokenizer, component, model.config());
      return new TextEncoder(component, tokenizer, model, weights, Optional.empty());
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /**
   * Checks a component's tokenizer against its model, as {@link #open} does.
   *
   * @return the tokens of a prompt
   * @throws SdxlException when they do not belong together
   */
  public static int checkTokenizer(Snapshot snapshot, String component, CLIPTextModel model) {
    try (CLIPTokenizer tokenizer = openTokenizer(snapshot, component)) {
      check(tokenizer, component, model.config());
      return length(tokenizer, model);
    }
  }

  /**
   * Checks added tokens against a component and its tokenizer, as {@link #with} does.
   *
   * @throws SdxlException for a token that is taken, or vectors that the encoder cannot read
   */
  public static void checkWords(
      Snapshot snapshot, String component, List<TextualInversion> inversions) {
    CLIPTextConfig config = CLIPTextConfig.of(snapshot.component(component));
    AddedTokens added = AddedTokens.of(component, config, inversions);
    try (CLIPTokenizer tokenizer = openTokenizer(snapshot, component)) {
      tokenizer.with(added.words()).close();
    }
  }

  /** Each encoder's folder has its tokenizer's beside it, which is numbered as it is. */
  private static CLIPTokenizer openTokenizer(Snapshot snapshot, String component) {
    return CLIPTokenizer.open(snapshot.tokenizer(component.replace("text_encoder", "tokenizer")));
  }

  static void check(CLIPTokenizer tokenizer, String component, CLIPTextConfig config) {
    if (tokenizer.vocabularySize() > config.vocabSize()) {
      throw new SdxlException(
          "%s: ids up to %d, but %s embeds %d (vocab_size)"
              .formatted(
                  tokenizer.folder(),
                  tokenizer.vocabularySize() - 1,
                  component,
                  config.vocabSize()));
    }
    if (!config.endsWith(tokenizer.eos())) {
      throw new SdxlException(
          "%s: eos_token is id %s, but %s/config.json has eos_token_id %s"
              .formatted(tokenizer.folder(), tokenizer.eos(), component, config.eosTokenId()));
    }
    int length = tokenizer.modelMaxLength().orElse(config.maxPositionEmbeddings());
    if (length > config.maxPositionEmbeddings() || length < 3) {
      throw new SdxlException(
          "%s: model_max_length %d, but %s has %d positions"
              .formatted(tokenizer.folder(), length, component, config.maxPositionEmbeddings()));
    }
  }

  /** Tokens of a prompt, begin and end among them: 77. */
  int length() {
    return length(tokenizer, model);
  }

  private static int length(CLIPTokenizer tokenizer, CLIPTextModel model) {
    return tokenizer.modelMaxLength().orElse(model.config().maxPositionEmbeddings());
  }

  /**
   * Why the encoders cannot be combined; empty if they can.
   *
   * @param place of the model, for messages
   * @param lengths tokens of a prompt, by the encoders' names
   */
  public static Optional<String> lengthProblem(Path place, Map<String, Integer> lengths) {
    return lengths.values().stream().distinct().count() < 2
        ? Optional.empty()
        : Optional.of(
            "%s: prompts have %s tokens, expected one length (model_max_length)"
                .formatted(place, lengths));
  }

  /** A plain text is one chunk, and its end is lost if it does not fit; a weighted one is many. */
  ChunkedText read(String text, boolean weighted) {
    return weighted
        ? new ChunkedText(
            ChunkBuilder.chunks(tokenizer, length(), PromptAttention.parse(text)), Optional.empty())
        : tokenizer.fit(text, length());
  }

  /** See {@link CLIPTextModel#forward}. */
  List<CLIPTextModelOutput> forward(Kernels kernels, NDManager owner, List<TextInput> inputs) {
    return model.forward(kernels, weights, owner, inputs, vectors);
  }

  /** This encoder with added tokens; the model and its weights are not modified. */
  TextEncoder with(Kernels kernels, List<TextualInversion> inversions) {
    AddedTokens added = AddedTokens.of(name, model.config(), inversions);
    CLIPTokenizer own = tokenizer.with(added.words());
    try {
      return new TextEncoder(name, own, model, weights, added.load(kernels));
    } catch (RuntimeException e) {
      own.close();
      throw e;
    }
  }

  @Override
  public void close() {
    tokenizer.close();
    vectors.ifPresent(NDArray::close);
  }
}
