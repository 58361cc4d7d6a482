package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.snapshot.Snapshot;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.weights.Weights;
import java.util.List;
import java.util.Optional;

/**
 * A text encoder with its own tokenizer. The weights stay the caller's; closing closes the
 * tokenizer.
 *
 * @param name the component's, {@code text_encoder} or {@code text_encoder_2}
 */
public record TextEncoder(
    String name, CLIPTokenizer tokenizer, CLIPTextModel model, Weights weights)
    implements AutoCloseable {

  /**
   * Opens the tokenizer that belongs to the component and holds it against the model.
   *
   * @throws SdxlException when a token has no embedding, or the two disagree about the end token or
   *     the length of a prompt
   */
  public static TextEncoder open(
      Snapshot snapshot, String component, CLIPTextModel model, Weights weights) {
    String folder = component.replace("text_encoder", "tokenizer");
    CLIPTokenizer tokenizer = CLIPTokenizer.open(snapshot.folder().resolve(folder));
    try {
      check(tokenizer, component, model.config());
      return new TextEncoder(component, tokenizer, model, weights);
    } catch (SdxlException e) {
      tokenizer.close();
      throw e;
    }
  }

  static void check(CLIPTokenizer tokenizer, String component, CLIPTextConfig config) {
    if (tokenizer.vocabularySize() > config.vocabSize()) {
      throw new SdxlException(
          tokenizer.folder()
              + ": ids up to "
              + (tokenizer.vocabularySize() - 1)
              + ", but "
              + component
              + " embeds "
              + config.vocabSize()
              + " (vocab_size)");
    }
    if (!config.endsWith(tokenizer.eos())) {
      throw new SdxlException(
          tokenizer.folder()
              + ": eos_token is id "
              + tokenizer.eos()
              + ", but "
              + component
              + "/config.json has eos_token_id "
              + config.eosTokenId());
    }
    int length = tokenizer.modelMaxLength().orElse(config.maxPositionEmbeddings());
    if (length > config.maxPositionEmbeddings() || length < 3) {
      throw new SdxlException(
          tokenizer.folder()
              + ": model_max_length "
              + length
              + ", but "
              + component
              + " has "
              + config.maxPositionEmbeddings()
              + " positions");
    }
  }

  /** Tokens of a prompt, begin and end among them: 77. */
  int length() {
    return tokenizer.modelMaxLength().orElse(model.config().maxPositionEmbeddings());
  }

  /** The text's first tokens, as many as fit. */
  TokenizedText tokenize(String text) {
    return tokenizer.fit(tokenizer.ids(text), length());
  }

  /** See {@link CLIPTextModel#forward}. */
  List<CLIPTextModelOutput> forward(Kernels kernels, NDManager owner, List<TextInput> inputs) {
    return model.forward(kernels, weights, owner, inputs, Optional.empty());
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
