package farm.darkroom.sdxl.text;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import farm.darkroom.sdxl.torch.Dtype;
import farm.darkroom.sdxl.torch.Kernels;
import farm.darkroom.sdxl.torch.TensorDict;
import farm.darkroom.sdxl.weights.Layout;
import farm.darkroom.sdxl.weights.StoredTensor;
import farm.darkroom.sdxl.weights.WeightGroup;
import farm.darkroom.sdxl.weights.WeightLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The textual-inversion tokens that a job adds to one text encoder.
 *
 * @param key of their vectors in the files
 * @param width of a vector
 */
record AddedTokens(String key, int width, List<AddedToken> words, List<TextualInversion> files) {

  /**
   * Their ids begin where the encoder's own table ends.
   *
   * @param encoder its name in snapshots
   * @throws farm.darkroom.sdxl.SdxlException as {@link TextualInversion#vectors}
   */
  static AddedTokens of(String encoder, CLIPTextConfig config, List<TextualInversion> inversions) {
    List<AddedToken> words = new ArrayList<>();
    long next = config.vocabSize();
    for (TextualInversion inversion : inversions) {
      StoredTensor tensor = inversion.vectors(encoder, config);
      int vectors = (int) (tensor.elements() / config.hiddenSize());
      words.add(new AddedToken(inversion.token(), next, vectors));
      next += vectors;
    }
    return new AddedTokens(
        TextualInversion.key(encoder), config.hiddenSize(), List.copyOf(words), inversions);
  }

  /** The vectors {@code [n, width]} of all words in float32; the caller closes them. */
  Optional<NDArray> load(Kernels kernels) {
    if (files.isEmpty()) {
      return Optional.empty();
    }
    try (NDManager scope = kernels.manager().newSubManager()) {
      List<NDArray> rows = files.stream().map(file -> rows(kernels, scope, file)).toList();
      return Optional.of(kernels.tensor(kernels.manager(), "joined", rows, 0));
    }
  }

  private NDArray rows(Kernels kernels, NDManager scope, TextualInversion inversion) {
    WeightLoader loader = new WeightLoader(inversion.file(), kernels, Dtype.FLOAT32);
    try (TensorDict loaded = loader.load(group(inversion))) {
      return kernels.tensor(scope, "clip_vectors", loaded, key, width);
    }
  }

  private WeightGroup group(TextualInversion inversion) {
    long[] shape =
        inversion.file().find(key).orElseThrow().shape().stream()
            .mapToLong(Long::longValue)
            .toArray();
    return WeightGroup.of("").tensor(key, Layout.PLAIN, shape).build();
  }
}
