package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * {@code encode_prompt} of diffusers' SDXL pipelines, for one encoder (refiner) or two (base).
 * Texts that were encoded before come from a bounded cache, and then no weights are touched.
 * Closing it closes the tokenizers and the cache, not the weights. For one thread.
 */
public final class PromptEncoder implements AutoCloseable {
  private final Kernels kernels;
  private final List<TextEncoder> encoders;
  private final boolean forceZeros;
  private final PassageCache cache;

  /**
   * @param encoders in the order of their features; at least one has a projection
   * @param forceZeros {@code force_zeros_for_empty_prompt} of model_index.json, true if it is not
   *     there: without a negative prompt the negative side is zeros
   */
  public PromptEncoder(Kernels kernels, List<TextEncoder> encoders, boolean forceZeros) {
    if (encoders.stream().noneMatch(e -> e.model().projection())) {
      throw new SdxlException("no text encoder with projection; SDXL's UNet needs a pooled output");
    }
    this.kernels = kernels;
    this.encoders = List.copyOf(encoders);
    this.forceZeros = forceZeros;
    this.cache = new PassageCache(kernels.manager().newSubManager());
  }

  /** Features of each encoder; their sum is the UNet's {@code cross_attention_dim}. */
  public List<Integer> widths() {
    return encoders.stream().map(e -> e.model().config().hiddenSize()).toList();
  }

  /** Width of the pooled output: the first encoder with projection gives it. */
  public int pooledWidth() {
    return encoders.stream()
        .filter(e -> e.model().projection())
        .findFirst()
        .orElseThrow()
        .model()
        .config()
        .projectionDim();
  }

  /**
   * Encodes the texts of a request. As in diffusers, {@code negative_prompt_2} alone changes
   * nothing where zeros are forced, {@code clip_skip} is the positive side's, and a model with one
   * encoder reads {@code prompt} and {@code negative_prompt} only.
   *
   * @param guidance whether there is a negative side
   * @return float32 tensors that belong to {@code owner}
   * @throws SdxlException when {@code clip_skip} leaves no layer
   */
  public PromptEmbeds encode(NDManager owner, Prompts prompts, boolean guidance) {
    if (prompts.weighted()) {
      throw new SdxlException("prompt_syntax weighted: this worker reads plain prompts only");
    }
    Passage positive = new Passage(texts(prompts.prompt(), prompts.prompt2()), skip(prompts));
    boolean zeros = prompts.negativePrompt().isEmpty() && forceZeros;
    Optional<Passage> negative =
        guidance && !zeros ? Optional.of(negative(prompts)) : Optional.empty();
    encodeMissing(Stream.concat(Stream.of(positive), negative.stream()).distinct().toList());
    List<String> warnings = new ArrayList<>(cache.get(positive).warnings("prompt"));
    negative.ifPresent(n -> warnings.addAll(cache.get(n).warnings("negative_prompt")));
    TextConditioning side = handed(owner, positive);
    Optional<TextConditioning> other = negative.map(n -> handed(owner, n));
    if (guidance && zeros) {
      other = Optional.of(zeros(owner, side));
    }
    return new PromptEmbeds(side, other, warnings);
  }

  private Passage negative(Prompts prompts) {
    String first = prompts.negativePrompt().orElse("");
    return new Passage(texts(first, prompts.negativePrompt2()), 0);
  }

  /** An empty second text is no second text. */
  private List<String> texts(String first, Optional<String> second) {
    String other = second.filter(text -> !text.isEmpty()).orElse(first);
    return encoders.size() == 1 ? List.of(first) : List.of(first, other);
  }

  private int skip(Prompts prompts) {
    int skip = prompts.clipSkip().orElse(0);
    for (TextEncoder encoder : encoders) {
      int layers = encoder.model().config().numHiddenLayers();
      if (skip < 0 || skip >= layers) {
        throw new SdxlException(
            "clip_skip "
                + skip
                + ": 0 to "
                + (layers - 1)
                + " is allowed, "
                + encoder.name()
                + " has "
                + layers
                + " layers");
      }
    }
    return skip;
  }

  private void encodeMissing(List<Passage> wanted) {
    List<Passage> missing = wanted.stream().filter(p -> !cache.has(p)).toList();
    if (missing.isEmpty()) {
      return;
    }
    try (NDManager scope = kernels.manager().newSubManager()) {
      List<List<CLIPTextModelOutput>> outputs = new ArrayList<>();
      List<List<TokenizedText>> texts = new ArrayList<>();
      for (int i = 0; i < encoders.size(); i++) {
        int index = i;
        TextEncoder encoder = encoders.get(i);
        List<TokenizedText> read =
            missing.stream().map(p -> encoder.tokenize(p.texts().get(index))).toList();
        texts.add(read);
        outputs.add(encoder.forward(kernels, scope, inputs(missing, read)));
      }
      for (int i = 0; i < missing.size(); i++) {
        int index = i;
        cache.put(
            missing.get(i),
            joined(outputs.stream().map(o -> o.get(index)).toList()),
            texts.stream().flatMap(t -> t.get(index).removed().stream()).distinct().toList());
      }
    }
  }

  private static List<TextInput> inputs(List<Passage> passages, List<TokenizedText> texts) {
    return IntStream.range(0, passages.size())
        .mapToObj(i -> new TextInput(texts.get(i).ids(), passages.get(i).skip()))
        .toList();
  }

  private TextConditioning joined(List<CLIPTextModelOutput> outputs) {
    List<NDArray> states = outputs.stream().map(CLIPTextModelOutput::hiddenState).toList();
    NDArray pooled =
        outputs.stream().flatMap(o -> o.textEmbeds().stream()).findFirst().orElseThrow();
    return new TextConditioning(
        kernels.tensor(cache.manager(), "clip_concat", states, -1),
        kernels.tensor(cache.manager(), "clip_concat", List.of(pooled), 0));
  }

  /** Handles of the caller's own, so that the cache may forget its own at any time. */
  private TextConditioning handed(NDManager owner, Passage passage) {
    TextConditioning cached = cache.get(passage).conditioning();
    return new TextConditioning(
        kernels.tensor(owner, "clip_concat", List.of(cached.embeds()), 0),
        kernels.tensor(owner, "clip_concat", List.of(cached.pooled()), 0));
  }

  private static TextConditioning zeros(NDManager owner, TextConditioning like) {
    return new TextConditioning(
        owner.zeros(like.embeds().getShape()), owner.zeros(like.pooled().getShape()));
  }

  @Override
  public void close() {
    cache.close();
    encoders.forEach(TextEncoder::close);
  }
}
