package farm.darkroom.sdxl.unet;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.torch.TensorDict;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What does not change over the steps of a job: the embedding of pooled text and sizes, and the
 * keys and values of the text, and of pictures, for every attention. One job owns it and closes it;
 * it stays on the device in compute dtype (SDXL base, a guided job, bfloat16: 55 MB). Not
 * thread-safe.
 */
public final class UNetConditioning implements AutoCloseable {
  private static final long[] NO_ROWS = {};
  private final NDManager scope;
  private NDArray addEmbedding;
  private Texts texts;
  private final Map<String, TensorDict> keysValues = new LinkedHashMap<>();
  private final List<Pictures> pictures = new ArrayList<>();
  private final Map<String, long[]> perturbedRows = new HashMap<>();

  /**
   * What is attended to of an IP-Adapter beside the text.
   *
   * @param masked whether in a part of the picture alone
   */
  public record Pictures(long tokens, boolean masked) {}

  /**
   * The rows whose cross-attention is computed, of each job's {@code period} rows those from {@code
   * first} to before {@code end}. The others attend to values that are zero, and to no pictures:
   * their text is zeros, as diffusers makes it of an absent negative prompt where the model is
   * configured so, and projected without a bias.
   */
  record Texts(int first, int end, int period) {}

  UNetConditioning(NDManager scope) {
    this.scope = scope;
  }

  /**
   * What several jobs with {@link #pictures} alike have, as one: in order, for a sample of all of
   * theirs. It is the caller's to close, and they stay theirs.
   */
  public static UNetConditioning joined(Kernels kernels, List<UNetConditioning> parts) {
    UNetConditioning all = new UNetConditioning(kernels.manager().newSubManager());
    try {
      List<NDArray> embeddings = parts.stream().map(part -> part.addEmbedding).toList();
      all.addEmbedding(kernels.tensor(all.scope, "joined", embeddings, 0));
      all.texts = parts.get(0).texts;
      if (parts.stream().anyMatch(part -> !part.texts.equals(all.texts))) {
        all.attendEverywhere();
      }
      for (String transformer : parts.get(0).keysValues.keySet()) {
        List<TensorDict> dicts = parts.stream().map(part -> part.keysValues(transformer)).toList();
        all.keysValues(transformer, kernels.joined(dicts));
      }
      all.pictures.addAll(parts.get(0).pictures);
      long first = 0;
      for (UNetConditioning part : parts) {
        all.addPerturbedRows(part, first);
        first += part.batch();
      }
      return all;
    } catch (RuntimeException e) {
      all.close();
      throw e;
    }
  }

  private void addPerturbedRows(UNetConditioning part, long first) {
    part.perturbedRows.forEach(
        (attention, rows) ->
            perturbedRows.merge(
                attention,
                LongStream.of(rows).map(row -> first + row).toArray(),
                (mine, more) ->
                    LongStream.concat(LongStream.of(mine), LongStream.of(more)).toArray()));
  }

  NDManager scope() {
    return scope;
  }

  void addEmbedding(NDArray embedding) {
    this.addEmbedding = embedding;
  }

  /** Finds the rows that see anything, once the text's keys and values are there. */
  void findTexts(Kernels kernels, List<Transformer2DModel> attentions) {
    BitSet rows = new BitSet();
    for (Transformer2DModel attention : attentions) {
      rows.or(attention.rowsWithValues(kernels, keysValues(attention.name())));
    }
    if (rows.isEmpty()) {
      attendEverywhere();
    } else {
      texts = new Texts(rows.nextSetBit(0), rows.length(), rows());
    }
  }

  private void attendEverywhere() {
    texts = new Texts(0, rows(), rows());
  }

  private int rows() {
    return Math.toIntExact(batch());
  }

  Texts texts() {
    return texts;
  }

  void keysValues(String transformer, TensorDict dict) {
    keysValues.put(transformer, dict);
  }

  /** Replaces an attention's keys and values by those with a picture's beside them. */
  void replaceKeysValues(String transformer, TensorDict dict) {
    keysValues.put(transformer, dict).close();
  }

  /** Keys and values of more pictures are in every attention. */
  void addPictures(Pictures more) {
    pictures.add(more);
    attendEverywhere();
  }

  /** The pictures that are attended to beside the text, in order. */
  public List<Pictures> pictures() {
    return Collections.unmodifiableList(pictures);
  }

  /** Adds the last row again, which is the conditional one: what a perturbed prediction sees. */
  public void repeatLast(Kernels kernels) {
    int end = texts.end() == rows() ? rows() + 1 : texts.end();
    texts = new Texts(texts.first(), end, rows() + 1);
    NDArray once = addEmbedding;
    addEmbedding = kernels.tensor(scope, "last_again", once);
    once.close();
    for (String transformer : List.copyOf(keysValues.keySet())) {
      replaceKeysValues(transformer, kernels.dict("last_again_dict", keysValues(transformer)));
    }
  }

  /** In the last row, these self-attentions are the identity. */
  void perturbLast(Set<String> selfAttentions) {
    selfAttentions.forEach(name -> perturbedRows.put(name, new long[] {batch() - 1}));
  }

  /** The rows in which a self-attention is the identity. */
  long[] perturbedRows(String selfAttention) {
    return perturbedRows.getOrDefault(selfAttention, NO_ROWS);
  }

  /** {@code [n, width]}. */
  NDArray addEmbedding() {
    return addEmbedding;
  }

  TensorDict keysValues(String transformer) {
    return keysValues.get(transformer);
  }

  /** The batch size: unconditional, conditional and perturbed rows together. */
  public long batch() {
    return addEmbedding.getShape().get(0);
  }

  @Override
  public void close() {
    keysValues.values().forEach(TensorDict::close);
    keysValues.clear();
    scope.close();
  }
}
