package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.SdxlException;
import farm.darkroom.sdxl.torch.Kernels;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code encode_prompt} of diffusers' SDXL pipelines, for one encoder (refiner) or two (base).
 * Texts that were encoded before come from a bounded cache, and then no weights are touched.
 * Closing it closes the tokenizers and the cache, not the weights. Not thread-safe.
 */
public final class PromptEncoder implements AutoCloseable {
  private final Kernels kernels;
  private final List<TextEncoder> encoders;
  private final boolean forceZeros;
  private final PromptCache cache;

  /**
   * @param encoders in the order of their features; at least one has a projection
   * @param forceZeros {@code force_zeros_for_empty_prompt} of model_index.json, true if it is not
   *     there: without a negative prompt the negative side is zeros
   */
  public PromptEncoder(Kernels kernels, List<TextEncoder> encoders, boolean forceZeros) {
    if (encoders.stream().noneMatch(e -> e.model().projection())) {
      throw new SdxlException("no text encoder with projection; SDXL's UNet needs a pooled output");
    }
    TextEncoder.lengthProblem(encoders.get(0).tokenizer().folder(), lengths(encoders))
        .ifPresent(
            problem -> {
              throw new SdxlException(problem);
            });
    this.kernels = kernels;
    this.encoders = List.copyOf(encoders);
    this.forceZeros = forceZeros;
    this.cache = new PromptCache(kernels.manager().newSubManager());
  }

  private static Map<String, Integer> lengths(List<TextEncoder> encoders) {
    Map<String, Integer> lengths = new LinkedHashMap<>();
    encoders.forEach(encoder -> lengths.put(encoder.name(), encoder.length()));
    return lengths;
  }

  /**
   * The same encoders with words of a job's own; models and weights are shared and not touched. The
   * caller closes it before this one.
   *
   * @throws SdxlException for a token that is taken, or vectors that no encoder or not every
   *     encoder can read
   */
  public PromptEncoder with(List<TextualInversion> inversions) {
    List<TextEncoder> extended = new ArrayList<>();
    try {
      encoders.forEach(encoder -> extended.add(encoder.with(kernels, inversions)));
      return new PromptEncoder(kernels, extended, forceZeros);
    } catch (RuntimeException e) {
      extended.forEach(TextEncoder::close);
      throw e;
    }
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
   * encoder reads neither {@code prompt_2} nor {@code negative_prompt_2}. Weighted texts have as
   * many chunks as the longest of them needs, on both sides.
   *
   * @param doClassifierFreeGuidance whether there is a negative side
   * @return float32 tensors that belong to {@code owner}
   * @throws SdxlException when {@code clip_skip} leaves no layer
   */
  public PromptEmbeds encode(
      NDManager owner, PromptTexts prompts, boolean doClassifierFreeGuidance) {
    boolean zeros = prompts.negativePrompt().isEmpty() && forceZeros;
    TokenizedPrompt positive = positive(prompts).read(encoders);
    Optional<TokenizedPrompt> negative =
        doClassifierFreeGuidance && !zeros
            ? Optional.of(negative(prompts).read(encoders))
            : Optional.empty();
    List<TokenizedPrompt> both = Stream.concat(Stream.of(positive), negative.stream()).toList();
    int chunks = both.stream().mapToInt(TokenizedPrompt::chunks).max().orElseThrow();
    encodeMissing(both, chunks);
    List<String> warnings = new ArrayList<>(encoders.get(0).tokenizer().warnings());
    warnings.addAll(positive.warnings("prompt"));
    negative.ifPresent(n -> warnings.addAll(n.warnings("negative_prompt")));
    TextConditioning conditional = copied(owner, positive, chunks);
    Optional<TextConditioning> unconditional = negative.map(n -> copied(owner, n, chunks));
    if (doClassifierFreeGuidance && zeros) {
      unconditional = Optional.of(zeros(owner, conditional));
    }
    return new PromptEmbeds(conditional, unconditional, warnings);
  }

  /** Hits and misses of the cache. */
  public CacheHits cacheUse() {
    return cache.use();
  }

  private PromptSide positive(PromptTexts prompts) {
    List<String> texts = texts(prompts.prompt(), prompts.prompt2());
    return new PromptSide(texts, skip(prompts), prompts.weighted());
  }

  private PromptSide negative(PromptTexts prompts) {
    String first = prompts.negativePrompt().orElse("");
    return new PromptSide(texts(first, prompts.negativePrompt2()), 0, prompts.weighted());
  }

  /** An empty second text is no second text. */
  private List<String> texts(String first, Optional<String> second) {
    String other = second.filter(text -> !text.isEmpty()).orElse(first);
    return encoders.size() == 1 ? List.of(first) : List.of(first, other);
  }

  private int skip(PromptTexts prompts) {
    encoders.forEach(encoder -> checkClipSkip(prompts, encoder.name(), encoder.model().config()));
    return prompts.clipSkip().orElse(0);
  }

  /**
   * Checks {@code clip_skip} against an encoder's layers.
   *
   * @param encoder its name in snapshots
   * @throws SdxlException when it leaves no layer
   */
  public static void checkClipSkip(PromptTexts prompts, String encoder, CLIPTextConfig config) {
    int skip = prompts.clipSkip().orElse(0);
    int layers = config.numHiddenLayers();
    if (skip < 0 || skip >= layers) {
      throw new SdxlException(
          "clip_skip %d: 0 to %d is allowed, %s has %d layers"
              .formatted(skip, layers - 1, encoder, layers));
    }
  }

  private void encodeMissing(List<TokenizedPrompt> prompts, int chunks) {
    Map<PromptCache.Key, TokenizedPrompt> missing = new LinkedHashMap<>();
    prompts.stream()
        .filter(prompt -> !cache.has(key(prompt, chunks)))
        .forEach(prompt -> missing.put(key(prompt, chunks), prompt));
    if (!missing.isEmpty()) {
      Iterator<TextConditioning> encoded =
          new PromptSideEncoder(kernels, encoders)
              .encode(cache.manager(), List.copyOf(missing.values()), chunks)
              .iterator();
      missing.keySet().forEach(key -> cache.put(key, encoded.next()));
    }
  }

  private static PromptCache.Key key(TokenizedPrompt prompt, int chunks) {
    return new PromptCache.Key(prompt.side(), chunks);
  }

  /** A copy of the caller's own, so that the cache may forget its own at any time. */
  private TextConditioning copied(NDManager owner, TokenizedPrompt prompt, int chunks) {
    TextConditioning cached = cache.get(key(prompt, chunks));
    return new TextConditioning(
        kernels.tensor(owner, "joined", List.of(cached.embeds()), 0),
        kernels.tensor(owner, "joined", List.of(cached.pooled()), 0));
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
